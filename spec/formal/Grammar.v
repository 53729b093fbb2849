(* Grammar.v: the parser finds what stands at the start of a text by the grammar of JSON-1, faults
   included, and nothing else. It is sound, complete and total, and so the grammar is unambiguous.
   No definition of the format stands here; those are in Format.v. *)
From Coq Require Import List NArith Bool String Lia.
From Safetensors Require Import Tables Format Decide Utf8 Number Chars.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- What the grammar says of single texts. ---- *)

Lemma strip_iff l i r : strip l i = Some r <-> i = l ++ r.
Proof.
  revert i. induction l as [|a l IH]; intros i; cbn; [split; congruence|].
  destruct i as [|b i]; [split; discriminate|]. destruct (N.eqb_spec a b) as [->|A].
  - rewrite IH. split; congruence.
  - split; congruence.
Qed.
Lemma strip_none b i : strip [b] i = None <-> none_of [b] i.
Proof.
  destruct i as [|c i]; cbn; [split; auto using none_of_nil|]. rewrite none_of_cons. cbn.
  destruct (N.eqb_spec b c); split; try discriminate; tauto.
Qed.

Lemma word_sound rows i v r :
  wordb rows i = Got v r -> exists l, In (l, v) rows /\ i = l ++ r.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [discriminate|]. destruct (strip l i) as [s|] eqn:S.
  - intros [= <- <-]. exists l. apply strip_iff in S. auto.
  - intros H. destruct (IH H) as (m & I & E). exists m. auto.
Qed.
Lemma word_missing rows i :
  (exists k, wordb rows i = Fault k) <-> forall l v r, In (l, v) rows -> i <> l ++ r.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [split; [intros _ l v r [] | eauto]|].
  destruct (strip l i) as [s|] eqn:S.
  - split; [intros [k [=]]|]. apply strip_iff in S. intros H. destruct (H l w s); auto.
  - rewrite IH. split; [|intros H m v r I; apply (H m v r); auto].
    intros H m v r [[= <- <-]|I]; [|apply (H m v r I)]. rewrite <- strip_iff. congruence.
Qed.
Lemma word_fault rows i k : wordb rows i = Fault k -> k = JSON_1.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [congruence|].
  destruct (strip l i); [discriminate|exact IH].
Qed.

Lemma starts_app p l r : starts p l -> starts p (l ++ r).
Proof. intros (b & s & -> & P). apply starts_cons, P. Qed.
Lemma some_of l i : ~ none_of l i -> starts (fun b => In b l) i.
Proof.
  destruct i as [|b r]; [intros N; destruct (N (none_of_nil l))|].
  rewrite none_of_cons, starts_cons.
  intros N. destruct (in_dec N.eq_dec b l); [assumption | contradiction].
Qed.

Lemma JSON_5_number i : starts (fun b => In b number_start) i ->
  value i (Fault JSON_5) <-> numberb (fst (span number_byteb i)) = false.
Proof.
  intros S. split.
  - inversion 1; subst; try (rewrite starts_cons in S; cbn in S; lia).
    rewrite number_spanned, <- not_true_iff_false, numberb_iff by assumption. assumption.
  - destruct (span number_byteb i) as [l r] eqn:E. destruct (number_splits _ _ _ E) as (-> & A & B).
    cbn. rewrite <- not_true_iff_false, numberb_iff. intros W. apply x_number; auto.
    destruct S as (b & s & E' & I). intros C. destruct l as [|c l].
    + cbn in E'. subst. rewrite none_of_cons in B. destruct B. cbn in *. tauto.
    + injection E' as -> <-. rewrite none_of_cons in C. contradiction.
Qed.
Lemma JSON_1_other i : none_of (number_start ++ [34; 91; 123]) i ->
  value i (Fault JSON_1) <-> wordb words i = Fault JSON_1.
Proof.
  intros S. split.
  - inversion 1; subst; try (rewrite none_of_cons in S; cbn in S; tauto).
    destruct (proj2 (word_missing words i)) as [k E]; [assumption|].
    rewrite (word_fault _ _ _ E) in E. exact E.
  - intros E. apply x_other; [exact S|]. apply word_missing. eauto.
Qed.
Lemma JSON_1_elements i : elements i (Fault JSON_1) <-> value (skip i) (Fault JSON_1)
  \/ exists v j, value (skip i) (Got v j) /\
     (none_of [44; 93] (skip j) \/ exists k, skip j = 44 :: k /\ elements k (Fault JSON_1)).
Proof.
  split.
  - inversion 1 as [| |x v j k o V S E X T|]; subst; eauto 6. destruct o; [discriminate|].
    injection T as ->. eauto 8.
  - intros [V|(v & j & V & [S|(k & S & E)])];
      [apply e_fault, V | eapply e_other, S; exact V | exact (e_more _ _ _ _ _ V S E)].
Qed.
Lemma JSON_1_members i : members i (Fault JSON_1) <-> member i (Fault JSON_1)
  \/ exists m j, member i (Got m j) /\
     (none_of [44; 125] (skip j) \/ exists k, skip j = 44 :: k /\ members k (Fault JSON_1)).
Proof.
  split.
  - inversion 1 as [| |x m j k o V S E X T|]; subst; eauto 6. destruct o; [discriminate|].
    injection T as ->. eauto 8.
  - intros [V|(m & j & V & [S|(k & S & E)])];
      [apply m_fault, V | eapply m_other, S; exact V | exact (m_more _ _ _ _ _ V S E)].
Qed.
Lemma JSON_1_member i : member i (Fault JSON_1) <-> none_of [34] (skip i)
  \/ exists j, skip i = 34 :: j /\ (chars j (Fault JSON_1) \/ exists s l, chars j (Got s l) /\
     (none_of [58] (skip l) \/ exists m, skip l = 58 :: m /\ value (skip m) (Fault JSON_1))).
Proof.
  split.
  - inversion 1 as [|x j k Q C|x j s l Q C K|x j s l m o Q C K V X T]; subst; [auto|right..].
    1, 2: eauto 8.
    destruct o; [discriminate|]. injection T as ->. exists j. split; [exact Q|]. right. eauto 8.
  - intros [S|(j & S & [C|(s & l & C & [K|(m & K & V)])])];
      [apply k_none, S | exact (k_fault _ _ _ S C) | exact (k_colon _ _ _ _ S C K)
      | exact (k_value _ _ _ _ _ _ S C K V)].
Qed.

(* ---- The parser finds only what the grammar says. ---- *)

Lemma leaf_sound b r : b <> 34 -> b <> 91 -> b <> 123 ->
  value (b :: r) (if number_startb b
                  then let (l, j) := span number_byteb (b :: r) in
                       if numberb l then Got (JNumber l) j else Fault JSON_5
                  else wordb words (b :: r)).
Proof.
  intros Q A O. destruct (number_startb b) eqn:S.
  - destruct (span number_byteb (b :: r)) as [l j] eqn:E.
    destruct (number_splits _ _ _ E) as (I & _ & N). destruct (numberb l) eqn:L.
    + rewrite I. apply v_number; [apply numberb_iff, L | exact N].
    + apply JSON_5_number; [apply starts_cons, JSON_5_start, S | rewrite E; exact L].
  - destruct (wordb words (b :: r)) as [v j|k] eqn:W.
    + apply word_sound in W. destruct W as (l & I & ->). apply v_word, I.
    + assert (k = JSON_1) as -> by exact (word_fault _ _ _ W). apply JSON_1_other; [|exact W].
      rewrite none_of_cons, in_app_iff, <- JSON_5_start, S. cbn. intuition congruence.
Qed.

Lemma parser_sound n :
  (forall i o, valueb n i = Some o -> value i o) /\
  (forall i o, elementsb n i = Some o -> elements i o) /\
  (forall i o, membersb n i = Some o -> members i o) /\
  (forall i o, memberb n i = Some o -> member i o).
Proof.
  induction n as [|n (IV & IE & IM & IK)]; [repeat split; discriminate|].
  split; [|split; [|split]]; intros i o H.
  - destruct i as [|b r].
    { injection H as <-. apply JSON_1_other; [apply none_of_nil | reflexivity]. }
    cbn [valueb] in H. destruct (N.eqb_spec b 34) as [->|Q].
    { apply option_map_some in H. destruct H as (p & H & ->). eapply v_string, charsb_sound, H. }
    destruct (N.eqb_spec b 91) as [->|A].
    { destruct (strip [93] (skip r)) as [j|] eqn:S.
      - injection H as <-. apply v_array_0. apply strip_iff in S. exact S.
      - apply option_map_some in H. destruct H as (p & H & ->).
        apply v_array; [apply strip_none, S | apply IE, H]. }
    destruct (N.eqb_spec b 123) as [->|O].
    { destruct (strip [125] (skip r)) as [j|] eqn:S.
      - injection H as <-. apply v_object_0. apply strip_iff in S. exact S.
      - apply option_map_some in H. destruct H as (p & H & ->).
        apply v_object; [apply strip_none, S | apply IM, H]. }
    assert (L := leaf_sound b r Q A O).
    destruct (number_startb b); [destruct (span _ _)|]; injection H as <-; exact L.
  - cbn [elementsb] in H. destruct (valueb n (skip i)) as [[v j|k]|] eqn:V; [| |discriminate];
      apply IV in V; [|injection H as <-; apply e_fault, V].
    destruct (skip j) as [|b k] eqn:S.
    { injection H as <-. apply JSON_1_elements. right. exists v, j. rewrite S.
      auto using none_of_nil. }
    destruct (N.eqb_spec b 93) as [->|B]; [injection H as <-; exact (e_last _ _ _ _ V S)|].
    destruct (N.eqb_spec b 44) as [->|C].
    + apply option_map_some in H. destruct H as (p & H & ->).
      exact (e_more _ _ _ _ _ V S (IE _ _ H)).
    + injection H as <-. apply JSON_1_elements. right. exists v, j. rewrite S, none_of_cons. cbn.
      split; [exact V|left; lia].
  - cbn [membersb] in H. destruct (memberb n i) as [[m j|k]|] eqn:K; [| |discriminate];
      apply IK in K; [|injection H as <-; apply m_fault, K].
    destruct (skip j) as [|b k] eqn:S.
    { injection H as <-. apply JSON_1_members. right. exists m, j. rewrite S.
      auto using none_of_nil. }
    destruct (N.eqb_spec b 125) as [->|B]; [injection H as <-; exact (m_last _ _ _ _ K S)|].
    destruct (N.eqb_spec b 44) as [->|C].
    + apply option_map_some in H. destruct H as (p & H & ->).
      exact (m_more _ _ _ _ _ K S (IM _ _ H)).
    + injection H as <-. apply JSON_1_members. right. exists m, j. rewrite S, none_of_cons. cbn.
      split; [exact K|left; lia].
  - cbn [memberb] in H. destruct (strip [34] (skip i)) as [j|] eqn:Q.
    2: { injection H as <-. apply JSON_1_member. left. apply strip_none, Q. }
    apply strip_iff in Q. destruct (charsb n j) as [[s k|k]|] eqn:C; [| |discriminate];
      apply charsb_sound in C; [|injection H as <-; exact (k_fault _ _ _ Q C)].
    destruct (strip [58] (skip k)) as [l|] eqn:L.
    + apply strip_iff in L. apply option_map_some in H. destruct H as (p & H & ->).
      exact (k_value _ _ _ _ _ _ Q C L (IV _ _ H)).
    + injection H as <-. apply JSON_1_member. right. exists j. split; [exact Q|]. right.
      exists s, k. split; [exact C|]. left. apply strip_none, L.
Qed.

(* ---- What the grammar says, the parser finds, if it finds anything. ---- *)

Scheme value_least := Minimality for value Sort Prop
  with elements_least := Minimality for elements Sort Prop
  with members_least := Minimality for members Sort Prop
  with member_least := Minimality for member Sort Prop.
Combined Scheme grammar_least from value_least, elements_least, members_least, member_least.

Lemma valueb_number n i : starts (fun b => In b number_start) i -> valueb (S n) i = Some
  (let (l, j) := span number_byteb i in if numberb l then Got (JNumber l) j else Fault JSON_5).
Proof.
  intros (b & r & -> & I). cbn [valueb]. rewrite <- JSON_5_start in I. rewrite I.
  destruct (N.eqb_spec b 34) as [->|]; [discriminate|].
  destruct (N.eqb_spec b 91) as [->|]; [discriminate|].
  destruct (N.eqb_spec b 123) as [->|]; [discriminate|].
  destruct (span number_byteb (b :: r)). reflexivity.
Qed.
Lemma valueb_other n i : none_of (number_start ++ [34; 91; 123]) i ->
  valueb (S n) i = Some (wordb words i).
Proof.
  destruct i as [|b r]; [reflexivity|]. rewrite none_of_cons, in_app_iff, <- JSON_5_start.
  intros O. cbn [valueb]. destruct (number_startb b); [destruct O; auto|].
  destruct (N.eqb_spec b 34) as [->|]; [destruct O; cbn; auto|].
  destruct (N.eqb_spec b 91) as [->|]; [destruct O; cbn; auto|].
  destruct (N.eqb_spec b 123) as [->|]; [destruct O; cbn; auto|]. reflexivity.
Qed.

(* Of [H : match x with ... end = Some o'] makes what it says of what [A] says that [x] is. *)
Ltac met H A :=
  match type of H with match ?x with _ => _ end = _ =>
    let E := fresh in destruct x eqn:E; [|discriminate H]; rewrite (A _ _ E) in H; clear E
  end.

Lemma parser_agrees :
  (forall i o, value i o -> forall n o', valueb n i = Some o' -> o' = o) /\
  (forall i o, elements i o -> forall n o', elementsb n i = Some o' -> o' = o) /\
  (forall i o, members i o -> forall n o', membersb n i = Some o' -> o' = o) /\
  (forall i o, member i o -> forall n o', memberb n i = Some o' -> o' = o).
Proof.
  apply grammar_least.
  (* Words and numbers. *)
  - intros l v r I [|n] o' H; [discriminate|]. cbn [words In] in I.
    repeat destruct I as [[= <- <-]|I]; [..|destruct I]; injection H as <-; reflexivity.
  - intros l r L S [|n] o' H; [discriminate|].
    rewrite valueb_number, number_spanned in H; eauto using starts_app, number_begins, number_all.
    apply numberb_iff in L. rewrite L in H. congruence.
  - intros l r B A S L [|n] o' H; [discriminate|].
    rewrite valueb_number, number_spanned in H; auto using starts_app, some_of.
    rewrite <- numberb_iff in L. destruct (numberb l); congruence.
  (* Strings, arrays, objects. *)
  - intros i o C [|n] o' H; [discriminate|]. cbn in H. found H (charsb_agrees _ _ C).
  - intros i r S [|n] o' H; [discriminate|]. cbn in H. rewrite S in H. cbn in H. congruence.
  - intros i o S _ IH [|n] o' H; [discriminate|]. cbn [valueb N.eqb Pos.eqb] in H.
    rewrite (proj2 (strip_none _ _) S) in H. found H IH.
  - intros i r S [|n] o' H; [discriminate|]. cbn in H. rewrite S in H. cbn in H. congruence.
  - intros i o S _ IH [|n] o' H; [discriminate|]. cbn [valueb N.eqb Pos.eqb] in H.
    rewrite (proj2 (strip_none _ _) S) in H. found H IH.
  - intros i S W [|n] o' H; [discriminate|]. rewrite (valueb_other n i S) in H.
    apply word_missing in W. destruct W as [k W]. rewrite W, (word_fault _ _ _ W) in H. congruence.
  (* Elements. *)
  - intros i k _ IH [|n] o' H; [discriminate|]. cbn [elementsb] in H. met H IH. congruence.
  - intros i v j r _ IH S [|n] o' H; [discriminate|]. cbn [elementsb] in H. met H IH.
    rewrite S in H. cbn in H. congruence.
  - intros i v j k o _ IV S _ IH [|n] o' H; [discriminate|]. cbn [elementsb] in H. met H IV.
    rewrite S in H. cbn in H. found H IH.
  - intros i v j _ IH S [|n] o' H; [discriminate|]. cbn [elementsb] in H. met H IH.
    destruct (skip j) as [|b k]; [congruence|]. rewrite none_of_cons in S.
    destruct (N.eqb_spec b 93) as [->|]; [destruct S; cbn; auto|].
    destruct (N.eqb_spec b 44) as [->|]; [destruct S; cbn; auto|]. congruence.
  (* Members. *)
  - intros i k _ IH [|n] o' H; [discriminate|]. cbn [membersb] in H. met H IH. congruence.
  - intros i m j r _ IH S [|n] o' H; [discriminate|]. cbn [membersb] in H. met H IH.
    rewrite S in H. cbn in H. congruence.
  - intros i m j k o _ IK S _ IH [|n] o' H; [discriminate|]. cbn [membersb] in H. met H IK.
    rewrite S in H. cbn in H. found H IH.
  - intros i m j _ IH S [|n] o' H; [discriminate|]. cbn [membersb] in H. met H IH.
    destruct (skip j) as [|b k]; [congruence|]. rewrite none_of_cons in S.
    destruct (N.eqb_spec b 125) as [->|]; [destruct S; cbn; auto|].
    destruct (N.eqb_spec b 44) as [->|]; [destruct S; cbn; auto|]. congruence.
  (* One member. *)
  - intros i S [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_none _ _) S) in H. congruence.
  - intros i j k Q C [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. met H (charsb_agrees _ _ C). congruence.
  - intros i j s l Q C K [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. met H (charsb_agrees _ _ C).
    rewrite (proj2 (strip_none _ _) K) in H. congruence.
  - intros i j s l m o Q C K _ IH [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. met H (charsb_agrees _ _ C).
    rewrite (proj2 (strip_iff [58] _ m) K) in H. found H IH.
Qed.

(* ---- The parser always finds something. ---- *)

Lemma skip_length i : (List.length (skip i) <= List.length i)%nat.
Proof. induction i as [|b i IH]; [auto|]. cbn. destruct (space b); cbn; lia. Qed.
Lemma skip_shorter j b k : skip j = b :: k -> (List.length k < List.length j)%nat.
Proof. intros S. assert (L := skip_length j). rewrite S in L. exact L. Qed.

Lemma leaf_shorter b r : shorter (b :: r) (if number_startb b
  then let (l, j) := span number_byteb (b :: r) in
       if numberb l then Got (JNumber l) j else Fault JSON_5
  else wordb words (b :: r)).
Proof.
  destruct (number_startb b) eqn:S.
  - destruct (span number_byteb (b :: r)) as [l j] eqn:E.
    destruct (number_splits _ _ _ E) as (I & _ & _). destruct (numberb l) eqn:L; [|exact Logic.I].
    destruct l as [|c l]; [discriminate|]. injection I as _ ->. cbn. rewrite app_length. lia.
  - destruct (wordb words (b :: r)) as [v j|k] eqn:W; [|exact I].
    apply word_sound in W. destruct W as (l & I & E). cbn [shorter]. rewrite E, app_length.
    cbn in I. repeat destruct I as [[= <- <-]|I]; [..|destruct I]; cbn; lia.
Qed.

Lemma parser_total n :
  (forall i, (3 * List.length i + 1 <= n)%nat -> exists o, valueb n i = Some o /\ shorter i o) /\
  (forall i, (3 * List.length i + 2 <= n)%nat -> exists o, elementsb n i = Some o /\ shorter i o) /\
  (forall i, (3 * List.length i + 3 <= n)%nat -> exists o, membersb n i = Some o /\ shorter i o) /\
  (forall i, (3 * List.length i + 2 <= n)%nat -> exists o, memberb n i = Some o /\ shorter i o).
Proof.
  induction n as [|n (IV & IE & IM & IK)]; [repeat split; intros; lia|].
  split; [|split; [|split]]; intros i L.
  - destruct i as [|b r]; [eexists; split; [reflexivity|exact I]|]. cbn [List.length] in L.
    assert (F := leaf_shorter b r). cbn [valueb]. destruct (b =? 34).
    { destruct (charsb_total n r) as (o & -> & S); [lia|]. eexists. split; [reflexivity|].
      apply (shorter_turn _ _ r); [exact S|cbn; lia]. }
    destruct (b =? 91).
    { destruct (strip [93] (skip r)) as [j|] eqn:E.
      - apply strip_iff, skip_shorter in E. eexists. split; [reflexivity|cbn; lia].
      - destruct (IE r) as (o & -> & S); [lia|]. eexists. split; [reflexivity|].
        apply (shorter_turn _ _ r); [exact S|cbn; lia]. }
    destruct (b =? 123).
    { destruct (strip [125] (skip r)) as [j|] eqn:E.
      - apply strip_iff, skip_shorter in E. eexists. split; [reflexivity|cbn; lia].
      - destruct (IM r) as (o & -> & S); [lia|]. eexists. split; [reflexivity|].
        apply (shorter_turn _ _ r); [exact S|cbn; lia]. }
    destruct (number_startb b); [destruct (span _ _)|]; eexists; (split; [reflexivity|exact F]).
  - cbn [elementsb]. assert (K := skip_length i).
    destruct (IV (skip i)) as ([v j|k] & -> & S); [lia| |eexists; split; [reflexivity|exact I]].
    cbn in S. destruct (skip j) as [|b k] eqn:J; [eexists; split; [reflexivity|exact I]|].
    apply skip_shorter in J. destruct (b =? 93); [eexists; split; [reflexivity|cbn; lia]|].
    destruct (b =? 44); [|eexists; split; [reflexivity|exact I]].
    destruct (IE k) as (o & -> & T); [lia|]. eexists. split; [reflexivity|].
    apply (shorter_turn _ _ k); [exact T|lia].
  - cbn [membersb].
    destruct (IK i) as ([m j|k] & -> & S); [lia| |eexists; split; [reflexivity|exact I]].
    cbn in S. destruct (skip j) as [|b k] eqn:J; [eexists; split; [reflexivity|exact I]|].
    apply skip_shorter in J. destruct (b =? 125); [eexists; split; [reflexivity|cbn; lia]|].
    destruct (b =? 44); [|eexists; split; [reflexivity|exact I]].
    destruct (IM k) as (o & -> & T); [lia|]. eexists. split; [reflexivity|].
    apply (shorter_turn _ _ k); [exact T|lia].
  - cbn [memberb]. destruct (strip [34] (skip i)) as [j|] eqn:Q.
    2: { eexists. split; [reflexivity|exact I]. }
    apply strip_iff, skip_shorter in Q.
    destruct (charsb_total n j) as ([s k|k] & -> & S);
      [lia| |eexists; split; [reflexivity|exact I]].
    cbn in S. destruct (strip [58] (skip k)) as [l|] eqn:C.
    2: { eexists. split; [reflexivity|exact I]. }
    apply strip_iff, skip_shorter in C. assert (K := skip_length l).
    destruct (IV (skip l)) as (o & -> & T); [lia|]. eexists. split; [reflexivity|].
    apply (shorter_turn _ _ (skip l)); [exact T|lia].
Qed.

(* ---- The grammar is a function, and the parser computes it. ---- *)

Lemma steps_for_length i s : steps_for i s = (3 * List.length i + s)%nat.
Proof. revert s. induction i as [|b i IH]; intros s; [reflexivity|]. cbn. rewrite IH. lia. Qed.
Lemma parse_ends i : valueb (steps_for i 3) i = Some (parse i).
Proof.
  unfold parse. destruct (proj1 (parser_total (steps_for i 3)) i) as (o & E & _).
  - rewrite steps_for_length. lia.
  - rewrite E. reflexivity.
Qed.
Theorem parse_iff i o : value i o <-> parse i = o.
Proof.
  split.
  - intros V. exact (proj1 parser_agrees i o V _ _ (parse_ends i)).
  - intros <-. exact (proj1 (parser_sound _) i _ (parse_ends i)).
Qed.
Theorem value_unique i o o' : value i o -> value i o' -> o = o'.
Proof. rewrite !parse_iff. congruence. Qed.
Theorem value_total i : exists o, value i o.
Proof. exists (parse i). apply parse_iff. reflexivity. Qed.

(* ---- A fault is one of the text. ---- *)

Definition of_text {A : Set} (o : outcome A) : Prop :=
  forall k, o = Fault k -> In k [JSON_1; JSON_2; JSON_3; JSON_4; JSON_5].
Lemma of_text_turn {A B : Set} (f : A -> B) o : of_text o -> of_text (turn f o).
Proof. destruct o; intros H k' [= <-]. apply H. reflexivity. Qed.
Lemma of_text_got {A : Set} (a : A) r : of_text (Got a r).
Proof. discriminate. Qed.
Lemma of_text_fault {A B : Set} k : of_text (@Fault A k) -> of_text (@Fault B k).
Proof. intros H k' [= <-]. apply H. reflexivity. Qed.
Lemma of_text_chars i o : chars i o -> of_text o.
Proof.
  induction 1 as [r|i k C|i c j o _ _ IH]; auto using of_text_turn, of_text_got.
  intros k' [= <-]. inversion C; subst; cbn; auto.
Qed.
Lemma of_text_all :
  (forall i o, value i o -> of_text o) /\ (forall i o, elements i o -> of_text o) /\
  (forall i o, members i o -> of_text o) /\ (forall i o, member i o -> of_text o).
Proof.
  apply grammar_least; intros; eauto using of_text_turn, of_text_got, of_text_fault, of_text_chars.
  all: intros k' [= <-]; cbn; auto 7.
Qed.
Lemma fault_rules i k : value i (Fault k) -> In k [JSON_1; JSON_2; JSON_3; JSON_4; JSON_5].
Proof. intros V. exact (proj1 of_text_all i _ V k eq_refl). Qed.
