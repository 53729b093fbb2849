(* Layout.v: section 13. The sweep over the sorted places decides LAY-1 to LAY-5; the five rules
   together say that the places are one chain; and then every byte of the data buffer has one owner.
   Nothing of the header text stands here: a tensor is its place. *)
From Coq Require Import List NArith Lia Bool Permutation Sorted RelationClasses.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Definition forward (p : place) : Prop := p_begin p <= p_end p.

(* ---- The order of the places ---- *)

Lemma leb_iff p q : PlaceOrder.leb p q <->
  p_begin p < p_begin q \/ p_begin p = p_begin q /\ p_end p <= p_end q.
Proof.
  unfold PlaceOrder.leb, is_true.
  rewrite orb_true_iff, andb_true_iff, N.ltb_lt, N.eqb_eq, N.leb_le. reflexivity.
Qed.
Lemma leb_trans : Transitive (fun p q => is_true (PlaceOrder.leb p q)).
Proof. intros p q r. rewrite !leb_iff. lia. Qed.
Lemma sort_in ps p : In p (PlaceSort.sort ps) <-> In p ps.
Proof.
  split; apply Permutation_in; [symmetry|]; apply PlaceSort.Permuted_sort.
Qed.
Lemma sort_nodup ps : NoDup (map p_name ps) -> NoDup (PlaceSort.sort ps).
Proof.
  intros H. apply NoDup_map_inv in H.
  exact (Permutation_NoDup (PlaceSort.Permuted_sort ps) H).
Qed.
Lemma sort_forward ps : Forall forward ps -> Forall forward (PlaceSort.sort ps).
Proof. rewrite !Forall_forall. intros H p I. apply H, sort_in, I. Qed.
Lemma sort_strongly ps : StronglySorted (fun p q => PlaceOrder.leb p q) (PlaceSort.sort ps).
Proof. apply PlaceSort.StronglySorted_sort, leb_trans. Qed.

Lemma sorted_split {A} (le : A -> A -> Prop) front p back :
  StronglySorted le (front ++ p :: back) ->
  (forall q, In q front -> le q p) /\ (forall q, In q back -> le p q).
Proof.
  induction front as [|x front IH]; cbn; intros H; inversion H as [|? ? S F]; subst;
    rewrite Forall_forall in F.
  - split; [intros q [] | exact F].
  - destruct (IH S) as [B E]. split; [|exact E].
    intros q [<-|I]; [apply F, in_elt | apply B, I].
Qed.
Lemma sort_split ps front p back : PlaceSort.sort ps = front ++ p :: back ->
  (forall q, In q front -> PlaceOrder.leb q p) /\ (forall q, In q back -> PlaceOrder.leb p q).
Proof.
  intros E. pose proof (sort_strongly ps) as S. rewrite E in S. exact (sorted_split _ _ _ _ S).
Qed.
Lemma split_in {A} (l front : list A) p back : l = front ++ p :: back ->
  In p l.
Proof. intros ->. apply in_elt. Qed.
Lemma front_in {A} (l front : list A) p back : l = front ++ p :: back ->
  forall q, In q front -> In q l.
Proof. intros -> q I. apply in_or_app. left. exact I. Qed.

(* Of two places, one comes later. *)
Lemma one_is_later {A} (l : list A) p q : In p l -> In q l -> p <> q ->
  (exists front back, l = front ++ p :: back /\ In q front) \/
  (exists front back, l = front ++ q :: back /\ In p front).
Proof.
  intros P Q D. destruct (in_split p l P) as (f & b & ->).
  apply in_app_or in Q. destruct Q as [Q|[Q|Q]]; [left; eauto | contradiction |].
  destruct (in_split q b Q) as (g & c & ->). right. exists (f ++ p :: g), c.
  rewrite <- app_assoc. split; [reflexivity | apply in_elt].
Qed.
Lemma first_that_ends_above i l p : In p l -> i < p_end p -> exists front q back,
  l = front ++ q :: back /\ i < p_end q /\ forall x, In x front -> p_end x <= i.
Proof.
  induction l as [|x l IH]; intros I H; [destruct I|].
  destruct (N.lt_ge_cases i (p_end x)) as [L|L].
  - exists [], x, l. cbn. tauto.
  - destruct I as [->|I]; [lia|]. destruct (IH I H) as (f & q & b & -> & E & F).
    exists (x :: f), q, b. repeat split; [exact E|]. intros y [<-|J]; auto.
Qed.

(* ---- The greatest END ---- *)

Definition greatest (l : list place) : N := fold_right N.max 0 (map p_end l).
Lemma greatest_app l p : greatest (l ++ [p]) = N.max (greatest l) (p_end p).
Proof. unfold greatest. induction l as [|x l IH]; cbn; [|cbn in IH; rewrite IH]; lia. Qed.
Lemma greatest_above i l : i < greatest l <-> exists p, In p l /\ i < p_end p.
Proof.
  unfold greatest. induction l as [|x l IH]; cbn.
  - split; [lia | intros (p & [] & _)].
  - rewrite N.max_lt_iff, IH. split.
    + intros [H|(p & I & H)]; eauto.
    + intros (p & [->|I] & H); eauto.
Qed.
Lemma greatest_at_most i l : (forall p, In p l -> p_end p <= i) <-> greatest l <= i.
Proof.
  rewrite <- N.nlt_ge, greatest_above. split.
  - intros H (p & I & L). apply H in I. lia.
  - intros H p I. apply N.nlt_ge. eauto.
Qed.

(* ---- The sweep, rule by rule ---- *)

(* Some place breaks the rule behind those before it, or the end of the list does. *)
Lemma sweep_cases len r l : forall front, sweep len (greatest front) l r = true <->
  (exists f p b, l = f ++ p :: b /\ place_brokenb len (greatest (front ++ f)) p r = true)
  \/ sweep len (greatest (front ++ l)) [] r = true.
Proof.
  induction l as [|x l IH]; intros front; cbn [sweep].
  - rewrite app_nil_r. cbn [sweep]. split; [tauto|].
    intros [(f & p & b & E & _)|H]; [destruct f; discriminate E | exact H].
  - rewrite orb_true_iff, <- greatest_app, IH, <- app_assoc. cbn [app]. split.
    + intros [H|[(f & p & b & -> & H)|H]]; [|left|right; exact H].
      * left. exists [], x, l. rewrite app_nil_r. auto.
      * exists (x :: f), p, b. rewrite <- app_assoc in H. auto.
    + intros [(f & p & b & E & H)|H]; [|auto].
      destruct f as [|y f]; injection E as -> ->; [rewrite app_nil_r in H; auto|].
      right. left. exists f, p, b. rewrite <- app_assoc. auto.
Qed.
(* A rule that a place breaks is broken at a split of the sorted places. *)
Lemma sweep_at_a_place len r ps : sweep len (greatest (PlaceSort.sort ps)) [] r = false ->
  (sweep len 0 (PlaceSort.sort ps) r = true <-> exists front p back,
    PlaceSort.sort ps = front ++ p :: back /\ place_brokenb len (greatest front) p r = true).
Proof.
  intros E. rewrite (sweep_cases len r _ []). cbn [app]. rewrite E.
  split; [intros [H|H]; [exact H | discriminate H] | auto].
Qed.

Lemma LAY_1_decided ps len : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) LAY_1 = true <-> layout_broken ps len LAY_1).
Proof.
  intros _ _. rewrite sweep_at_a_place by reflexivity. cbn [place_brokenb layout_broken]. split.
  - intros (f & p & b & E & H). apply N.ltb_lt in H. exists p. split; [|exact H].
    apply sort_in, (split_in _ _ _ _ E).
  - intros (p & I & H). rewrite <- sort_in in I. apply in_split in I. destruct I as (f & b & E).
    exists f, p, b. split; [exact E | apply N.ltb_lt, H].
Qed.

Lemma LAY_2_decided ps len : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) LAY_2 = true <-> layout_broken ps len LAY_2).
Proof.
  intros D _. apply sort_nodup in D. rewrite sweep_at_a_place by reflexivity.
  cbn [place_brokenb layout_broken]. unfold owns. split.
  - intros (f & p & b & E & H). apply N.ltb_lt in H.
    pose proof (split_in _ _ _ _ E) as P. pose proof (front_in _ _ _ _ E) as F.
    destruct (sort_split _ _ _ _ E) as [B _].
    assert (G : p_begin p < greatest f) by lia. apply greatest_above in G as (q & Q & G).
    exists p, q, (p_begin p). rewrite <- !(sort_in ps). specialize (B q Q). rewrite leb_iff in B.
    repeat split; auto; try lia.
    intros <-. rewrite E in D. apply NoDup_remove_2 in D. apply D, in_or_app. auto.
  - assert (L : forall p q i f, In q f -> p_begin p <= i < p_end p -> i < p_end q -> i < len ->
      (p_begin p <? N.min (p_end p) (N.min (greatest f) len)) = true).
    { intros p q i f I H G S. apply N.ltb_lt.
      assert (i < greatest f) by (apply greatest_above; eauto). lia. }
    intros (p & q & i & P & Q & N & H & G & S). rewrite <- (sort_in ps) in P, Q.
    destruct (one_is_later _ _ _ P Q N) as [(f & b & E & I)|(f & b & E & I)].
    + exists f, p, b. split; [exact E|]. apply (L p q i); tauto.
    + exists f, q, b. split; [exact E|]. apply (L q p i); tauto.
Qed.

Lemma LAY_3_decided ps len : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) LAY_3 = true <-> layout_broken ps len LAY_3).
Proof.
  intros _ _. rewrite sweep_at_a_place by reflexivity. cbn [place_brokenb layout_broken]. split.
  - intros (f & p & b & E & H). rewrite andb_true_iff, N.eqb_eq, N.ltb_lt in H.
    destruct H as [Z G]. apply greatest_above in G as (q & Q & G).
    pose proof (split_in _ _ _ _ E) as P. pose proof (front_in _ _ _ _ E) as F.
    destruct (sort_split _ _ _ _ E) as [B _].
    exists p, q. rewrite <- !(sort_in ps). specialize (B q Q). rewrite leb_iff in B.
    repeat split; auto; lia.
  - intros (p & q & P & Q & H & Z). rewrite <- (sort_in ps) in P, Q.
    destruct (one_is_later _ p q P Q) as [(f & b & E & I)|(f & b & E & I)].
    + intros <-. lia.
    + exists f, p, b. split; [exact E|]. rewrite andb_true_iff, N.eqb_eq, N.ltb_lt.
      split; [exact Z|]. apply greatest_above. exists q. split; [exact I | lia].
    + destruct (sort_split _ _ _ _ E) as [B _]. specialize (B p I). rewrite leb_iff in B. lia.
Qed.

Lemma LAY_4_decided ps len : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) LAY_4 = true <-> layout_broken ps len LAY_4).
Proof.
  intros _ O. rewrite Forall_forall in O. rewrite sweep_at_a_place by reflexivity.
  cbn [place_brokenb layout_broken]. unfold owns. split.
  - intros (f & p & b & E & H). apply N.ltb_lt in H.
    pose proof (split_in _ _ _ _ E) as P. destruct (sort_split _ _ _ _ E) as [_ B].
    rewrite sort_in in P. pose proof (O p P). exists p, (greatest f).
    repeat split; [exact P | lia | lia |].
    intros q Q. rewrite <- (sort_in ps), E in Q. apply in_app_or in Q as [Q|[<-|Q]]; [|lia|].
    + assert (G : greatest f <= greatest f) by lia. rewrite <- greatest_at_most in G.
      specialize (G q Q). lia.
    + specialize (B q Q). rewrite leb_iff in B. lia.
  - intros (p & i & P & H & S & N). rewrite <- (sort_in ps) in P.
    destruct (first_that_ends_above _ _ _ P H) as (f & q & b & E & G & F).
    apply greatest_at_most in F. pose proof (split_in _ _ _ _ E) as Q.
    rewrite sort_in in Q. apply N in Q. exists f, q, b. split; [exact E|]. apply N.ltb_lt. lia.
Qed.

Lemma LAY_5_decided ps len : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) LAY_5 = true <-> layout_broken ps len LAY_5).
Proof.
  intros _ _. rewrite (sweep_cases len LAY_5 _ []). cbn [app place_brokenb sweep layout_broken].
  rewrite N.ltb_lt. split.
  - intros [(f & p & b & _ & H)|H]; [discriminate H|]. split; [lia|]. intros p I.
    rewrite <- (sort_in ps) in I. assert (G : greatest (PlaceSort.sort ps) <= len - 1) by lia.
    rewrite <- greatest_at_most in G. specialize (G p I). lia.
  - intros [Z H]. right. enough (greatest (PlaceSort.sort ps) <= len - 1) by lia.
    apply greatest_at_most. intros p I. rewrite sort_in in I. apply H in I. lia.
Qed.

Theorem sweep_iff ps len r : NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) r = true <-> layout_broken ps len r).
Proof.
  intros D O. destruct r;
    auto using LAY_1_decided, LAY_2_decided, LAY_3_decided, LAY_4_decided, LAY_5_decided;
    rewrite sweep_at_a_place by reflexivity;
    (split; [intros (f & p & b & _ & H); discriminate H | intros []]).
Qed.

(* ---- Section 13.1: the five rules are one chain ---- *)

Fixpoint chain (at_ len : N) (ps : list place) : Prop :=
  match ps with [] => at_ = len | p :: r => p_begin p = at_ /\ chain (p_end p) len r end.
Definition tiles (ps : list place) (len : N) : Prop := chain 0 len (PlaceSort.sort ps).

Lemma chain_ends len l : forall at_, Forall forward l -> chain at_ len l -> at_ <= len.
Proof.
  induction l as [|p l IH]; cbn; intros a O H; [lia|].
  inversion O as [|? ? F O']; subst. destruct H as [<- H].
  apply IH in H; [unfold forward in F; lia | exact O'].
Qed.
Lemma chain_iff_sweep len l : forall reached, Forall forward l -> reached <= len ->
  ((forall r, sweep len reached l r <> true) <-> chain reached len l).
Proof.
  induction l as [|p l IH]; intros a O A.
  - cbn. split.
    + intros H. specialize (H LAY_5). cbn in H. rewrite N.ltb_lt in H. lia.
    + intros -> r. destruct r; try discriminate. rewrite N.ltb_lt. lia.
  - inversion O as [|? ? F O']; subst. unfold forward in F. cbn [chain].
    assert (S : (forall r, sweep len a (p :: l) r <> true) <->
      (forall r, place_brokenb len a p r <> true) /\
      (forall r, sweep len (N.max a (p_end p)) l r <> true)).
    { cbn [sweep]. split.
      - intros H. split; intros r E; apply (H r), orb_true_iff; auto.
      - intros [H G] r E. apply orb_true_iff in E as [E|E]; [apply (H r E) | apply (G r E)]. }
    rewrite S. clear S. split.
    + intros [H G]. pose proof (H LAY_1) as H1. pose proof (H LAY_2) as H2.
      pose proof (H LAY_3) as H3. pose proof (H LAY_4) as H4. clear H.
      cbn in H1, H2, H3, H4. rewrite andb_true_iff, N.eqb_eq in H3. rewrite N.ltb_lt in *.
      assert (B : p_begin p = a) by lia. split; [exact B|].
      replace (N.max a (p_end p)) with (p_end p) in G by lia.
      apply IH; [exact O' | lia | exact G].
    + intros [B C]. pose proof (chain_ends _ _ _ O' C) as E. split.
      * intros r. destruct r; try discriminate; cbn;
          rewrite ?andb_true_iff, ?N.eqb_eq, N.ltb_lt; lia.
      * replace (N.max a (p_end p)) with (p_end p) by lia. apply IH; assumption.
Qed.

Theorem five_rules_one_chain ps len :
  NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  ((forall r, ~ layout_broken ps len r) <-> tiles ps len).
Proof.
  intros D O. unfold tiles.
  rewrite <- chain_iff_sweep by (apply sort_forward, O || lia).
  split; intros H r; specialize (H r); rewrite <- ?sweep_iff in *; assumption.
Qed.

(* Any sorting does: what sortings may differ in is the names at one place. *)
Definition ends (p : place) : N * N := (p_begin p, p_end p).
Definition not_after (a b : N * N) : Prop := fst a < fst b \/ fst a = fst b /\ snd a <= snd b.
Lemma sorted_only_one_way a : forall b, StronglySorted not_after a -> StronglySorted not_after b ->
  Permutation a b -> a = b.
Proof.
  induction a as [|x a IH]; intros b A B P; [symmetry; apply Permutation_nil, P|].
  destruct b as [|y b]; [apply Permutation_sym, Permutation_nil in P; discriminate P|].
  inversion A as [|? ? A' FA]; inversion B as [|? ? B' FB]; subst.
  rewrite Forall_forall in FA, FB.
  assert (E : x = y).
  { destruct (Permutation_in x P (or_introl eq_refl)) as [->|I]; [reflexivity|].
    destruct (Permutation_in y (Permutation_sym P) (or_introl eq_refl)) as [->|J]; [reflexivity|].
    specialize (FA y J). specialize (FB x I). unfold not_after in *.
    destruct x, y; cbn in *; f_equal; lia. }
  subst y. f_equal. apply Permutation_cons_inv in P. auto.
Qed.
Lemma ends_sorted l : StronglySorted (fun p q => PlaceOrder.leb p q) l ->
  StronglySorted not_after (map ends l).
Proof.
  induction 1 as [|p l S IH F]; cbn; constructor; [exact IH|].
  rewrite Forall_map. eapply Forall_impl; [|exact F]. intros q. apply leb_iff.
Qed.
Lemma chain_by_ends len l m : forall at_, map ends l = map ends m ->
  chain at_ len l -> chain at_ len m.
Proof.
  revert m. induction l as [|p l IH]; intros [|q m] a E; try discriminate E; [trivial|].
  cbn in *. injection E as B F E. rewrite <- B, <- F. intros [H C]. auto.
Qed.
Theorem tiles_any_order ps qs len : Permutation ps qs ->
  Sorted (fun p q => PlaceOrder.leb p q) qs -> (tiles ps len <-> chain 0 len qs).
Proof.
  intros P S. apply Sorted_StronglySorted in S; [|exact leb_trans].
  assert (E : map ends (PlaceSort.sort ps) = map ends qs).
  { apply sorted_only_one_way; [apply ends_sorted, sort_strongly | apply ends_sorted, S |].
    apply Permutation_map. rewrite <- P. symmetry. apply PlaceSort.Permuted_sort. }
  split; apply chain_by_ends; [|symmetry]; exact E.
Qed.

(* ---- Who owns a byte ---- *)

Lemma chain_owner len l i : forall at_, Forall forward l -> chain at_ len l ->
  at_ <= i < len -> exists p, In p l /\ owns p i /\ forall q, In q l -> owns q i -> p = q.
Proof.
  assert (L : forall l a q, Forall forward l -> chain a len l -> In q l -> owns q i -> a <= i).
  { clear l. unfold owns. induction l as [|p l IH]; intros a q O C I H; [destruct I|].
    inversion O as [|? ? F O']; subst. destruct C as [<- C]. unfold forward in F.
    destruct I as [<-|I]; [lia|]. specialize (IH _ _ O' C I H). lia. }
  induction l as [|p l IH]; cbn [chain]; intros a O C H; [lia|].
  inversion O as [|? ? F O']; subst. destruct C as [<- C].
  destruct (N.lt_ge_cases i (p_end p)) as [B|B].
  - exists p. split; [left; reflexivity|]. split; [unfold owns; lia|].
    intros q [->|I] W; [reflexivity|]. specialize (L l _ q O' C I W). lia.
  - destruct (IH _ O' C) as (q & I & W & U); [lia|]. exists q.
    split; [right; exact I|]. split; [exact W|].
    intros x [<-|J] X; [unfold owns in X; lia | auto].
Qed.
Theorem owned_once ps len :
  NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (forall r, ~ layout_broken ps len r) -> forall i, i < len -> exists! p, In p ps /\ owns p i.
Proof.
  intros D O H i L. apply five_rules_one_chain in H; [|exact D|exact O].
  destruct (chain_owner len _ i 0 (sort_forward _ O) H) as (p & I & W & U); [lia|].
  exists p. rewrite sort_in in I. split; [auto|].
  intros q [J X]. apply U; [apply sort_in|]; assumption.
Qed.
Theorem owned_inside ps len : (forall r, ~ layout_broken ps len r) ->
  forall p i, In p ps -> owns p i -> i < len.
Proof.
  intros H p i I W. apply N.nle_gt. intros L. apply (H LAY_1). exists p.
  split; [exact I|]. unfold owns in W. lia.
Qed.
Theorem zero_size_owns_none p i : p_begin p = p_end p -> ~ owns p i.
Proof. unfold owns. lia. Qed.

Definition total (ps : list place) : N :=
  fold_right N.add 0 (map (fun p => p_end p - p_begin p) ps).
Lemma total_any_order ps qs : Permutation ps qs -> total ps = total qs.
Proof. unfold total. induction 1; cbn; lia. Qed.
Lemma chain_total len l : forall at_, Forall forward l -> chain at_ len l -> len = at_ + total l.
Proof.
  unfold total. induction l as [|p l IH]; cbn; intros a O C; [lia|].
  inversion O as [|? ? F O']; subst. destruct C as [<- C]. unfold forward in F.
  specialize (IH _ O' C). lia.
Qed.
Theorem length_determined ps len :
  NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (forall r, ~ layout_broken ps len r) ->
  len = fold_right N.add 0 (map (fun p => p_end p - p_begin p) ps).
Proof.
  intros D O H. apply five_rules_one_chain in H; [|exact D|exact O].
  apply chain_total in H; [|apply sort_forward, O].
  rewrite H, <- (total_any_order ps) by apply PlaceSort.Permuted_sort. reflexivity.
Qed.
