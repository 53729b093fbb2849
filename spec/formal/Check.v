(* Check.v: the checker gives the verdict and the reading that Format.v asks for, on every file, and
   the tensors of a valid file have its bytes. The three rules on N are decided here; no rule on the
   header text or on the tensors is opened, and no definition of the format stands here. *)
From Coq Require Import List NArith Arith Bool Lia Permutation Sorted.
From Safetensors Require Import Tables Format Decide Text Structure Sizes Layout.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Framing: N, the header text, the data buffer ---- *)

Lemma size_app {A} (a b : list A) : size (a ++ b) = size a + size b.
Proof. unfold size. rewrite app_length. lia. Qed.
Lemma size_firstn {A} n (l : list A) : n <= size l -> size (firstn (N.to_nat n) l) = n.
Proof. unfold size. rewrite firstn_length. lia. Qed.
Lemma size_skipn {A} n (l : list A) : size (skipn n l) = size l - N.of_nat n.
Proof. unfold size. rewrite skipn_length. lia. Qed.
Lemma firstn_size {A} (a b : list A) : firstn (N.to_nat (size a)) (a ++ b) = a.
Proof.
  unfold size. rewrite Nnat.Nat2N.id, firstn_app, Nat.sub_diag, firstn_all. apply app_nil_r.
Qed.
Lemma skipn_size {A} (a b : list A) : skipn (N.to_nat (size a)) (a ++ b) = b.
Proof. unfold size. rewrite Nnat.Nat2N.id, skipn_app, Nat.sub_diag, skipn_all. reflexivity. Qed.

(* N, as the first 8 bytes of a file have it. *)
Definition declared (file : bytes) : N := little (firstn 8 file).

Lemma prefixed_iff file n rest : prefixed file n rest <->
  8 <= size file /\ n = declared file /\ rest = skipn 8 file.
Proof.
  unfold prefixed, declared. split.
  - intros (eight & -> & L & ->). assert (S : 8%nat = N.to_nat (size eight)).
    { unfold size. rewrite Nnat.Nat2N.id. auto. }
    rewrite S, firstn_size, skipn_size, size_app. unfold size. rewrite L. repeat split; lia.
  - intros (L & -> & ->). exists (firstn 8 file). rewrite firstn_skipn. repeat split.
    unfold size in L. rewrite firstn_length. lia.
Qed.

Lemma LEN_1_decided file : framing_broken file LEN_1 <-> (size file <? 8) = true.
Proof. cbn [framing_broken]. rewrite N.ltb_lt. reflexivity. Qed.
Lemma LEN_2_decided file : framing_broken file LEN_2 <->
  (8 <=? size file) = true /\ (max_header <? declared file) = true.
Proof.
  cbn [framing_broken]. rewrite N.leb_le, N.ltb_lt. split.
  - intros (n & rest & P & L). apply prefixed_iff in P as (? & -> & _). auto.
  - intros [S L]. exists (declared file), (skipn 8 file). rewrite prefixed_iff. auto.
Qed.
Lemma LEN_3_decided file : framing_broken file LEN_3 <->
  (8 <=? size file) = true /\ (declared file <=? max_header) = true
  /\ (size file - 8 <? declared file) = true.
Proof.
  cbn [framing_broken]. rewrite !N.leb_le, N.ltb_lt. split.
  - intros (n & rest & P & M & L). apply prefixed_iff in P as (? & -> & ->).
    rewrite size_skipn in L. auto.
  - intros (S & M & L). exists (declared file), (skipn 8 file).
    rewrite prefixed_iff, size_skipn. auto.
Qed.
Lemma framed_iff file header data : framed file header data <->
  8 <= size file /\ declared file <= max_header /\ declared file <= size file - 8
  /\ header = firstn (N.to_nat (declared file)) (skipn 8 file)
  /\ data = skipn (N.to_nat (declared file)) (skipn 8 file).
Proof.
  unfold framed. rewrite prefixed_iff. split.
  - intros ((S & D & R) & M). rewrite <- D, <- R, firstn_size, skipn_size.
    repeat split; auto. change 8 with (N.of_nat 8). rewrite <- (size_skipn 8 file), <- R, size_app.
    lia.
  - intros (S & M & L & -> & ->). rewrite firstn_skipn, size_firstn; [auto|].
    rewrite size_skipn. exact L.
Qed.

Lemma framing_iff file r : framing_broken file r <->
  match r with
  | LEN_1 => size file < 8
  | LEN_2 => 8 <= size file /\ max_header < declared file
  | LEN_3 => 8 <= size file /\ declared file <= max_header /\ size file - 8 < declared file
  | _ => False
  end.
Proof.
  destruct r; [rewrite LEN_1_decided|rewrite LEN_2_decided|rewrite LEN_3_decided|..];
    rewrite ?N.leb_le, ?N.ltb_lt; reflexivity.
Qed.
Lemma framed_unique file header data header' data' :
  framed file header data -> framed file header' data' -> header = header' /\ data = data'.
Proof. rewrite !framed_iff. intros (_ & _ & _ & -> & ->) (_ & _ & _ & -> & ->). auto. Qed.

(* A file breaks just one of the three rules and has no header text, or has one and breaks none. *)
Definition unframed (file : bytes) (r : rule) : Prop :=
  (forall r', framing_broken file r' <-> r' = r) /\ forall header data, ~ framed file header data.
Lemma unframed_iff file r : framing_broken file r -> unframed file r.
Proof.
  intros B. apply framing_iff in B. split.
  - intros r'. rewrite framing_iff. split; [|intros ->; exact B].
    destruct r; try contradiction; destruct r'; intros; (reflexivity || lia).
  - intros h d F. apply framed_iff in F. destruct r; lia.
Qed.
Lemma look_cases v ln file :
  (exists r, look v ln file (size file) = ([r], Reading [] []) /\ unframed file r)
  \/ exists header data, look v ln file (size file) = judge v ln header (size data)
     /\ framed file header data.
Proof.
  unfold look. fold (declared file).
  destruct (N.ltb_spec (size file) 8) as [A|A].
  { left. exists LEN_1. split; [reflexivity|]. apply unframed_iff, framing_iff, A. }
  destruct (N.ltb_spec max_header (declared file)) as [B|B].
  { left. exists LEN_2. split; [reflexivity|]. apply unframed_iff, framing_iff. auto. }
  destruct (N.ltb_spec (size file - 8) (declared file)) as [C|C].
  { left. exists LEN_3. split; [reflexivity|]. apply unframed_iff, framing_iff. auto. }
  right. exists (firstn (N.to_nat (declared file)) (skipn 8 file)),
    (skipn (N.to_nat (declared file)) (skipn 8 file)).
  rewrite framed_iff, !size_skipn, N2Nat.id. auto 6.
Qed.

(* No byte of the data buffer is needed. *)
Theorem head_decides v ln file :
  look v ln (firstn (N.to_nat (8 + little (firstn 8 file))) file) (size file)
  = look v ln file (size file).
Proof.
  set (n := little (firstn 8 file)).
  assert (H : firstn 8 (firstn (N.to_nat (8 + n)) file) = firstn 8 file)
    by (rewrite firstn_firstn; f_equal; lia).
  assert (T : firstn (N.to_nat n) (skipn 8 (firstn (N.to_nat (8 + n)) file))
              = firstn (N.to_nat n) (skipn 8 file)).
  { rewrite !firstn_skipn_comm, firstn_firstn. do 2 f_equal. lia. }
  unfold look. rewrite H. fold n. cbv zeta. rewrite T. reflexivity.
Qed.

(* ---- The verdict: what is broken is found, in the order of the text ---- *)

(* What can be broken behind N, in front of a data buffer of [len] bytes. *)
Definition header_broken v ln header len r : Prop :=
  text_broken ln header r \/ exists ms after, parsed header ms after /\
   (structure_broken v ln ms r \/ size_broken v ln ms r
    \/ exists ps, placed ln ms ps /\ layout_broken ps len r).

Lemma every_rule r : nth_error rules (N.to_nat (rank r)) = Some r.
Proof. destruct r; reflexivity. Qed.
Lemma in_rules r : In r rules.
Proof. eapply nth_error_In, every_rule. Qed.

Lemma places_iff ln ms len r :
  someb (fun ps => sweep len 0 ps r) (option_map PlaceSort.sort (placedb ln (counted ln ms))) = true
  <-> exists ps, placed ln ms ps /\ layout_broken ps len r.
Proof.
  assert (K : forall ps, placed ln ms ps ->
    (sweep len 0 (PlaceSort.sort ps) r = true <-> layout_broken ps len r)).
  { intros ps [N F]. apply sweep_iff; [exact N|]. clear N.
    induction F as [|m p l l' (_ & H & _) F IH]; constructor; auto. }
  split.
  - destruct (placedb ln (counted ln ms)) as [ps|] eqn:E; [|discriminate].
    apply placedb_iff in E. intros H. exists ps. split; [exact E|]. apply K, H. exact E.
  - intros (ps & P & L). apply placedb_iff in P as E. rewrite E. apply K, L. exact P.
Qed.
Lemma judge_parsed v ln header len ms after : parsedb header = Some (Got ms after) ->
  snd (judge v ln header len) = Reading (metadata_of_members ln (filter is_metab ms))
                                        (flat_map (tensor_of v ln) (counted ln ms)).
Proof. unfold judge. intros ->. cbn [snd]. rewrite countedb_eq. reflexivity. Qed.
Lemma judge_iff v ln header len r :
  In r (fst (judge v ln header len)) <-> header_broken v ln header len r.
Proof.
  unfold judge, header_broken. destruct (parsedb header) as [[ms after|k]|] eqn:E; cbn [fst];
    rewrite filter_In, <- E.
  - rewrite countedb_eq, !orb_true_iff, text_brokenb_iff, structure_brokenb_iff, size_brokenb_iff,
      places_iff.
    split.
    + intros [_ [[[H|H]|H]|H]]; auto; right; exists ms, after; rewrite parsed_iff; auto.
    + intros [H|(ms' & after' & P & H)]; split; auto using in_rules.
      apply parsed_iff in P. rewrite P in E. injection E as -> ->. tauto.
  - rewrite text_brokenb_iff. split; [tauto|]. intros [H|(ms & after & P & _)]; auto using in_rules.
    apply parsed_iff in P. congruence.
  - rewrite text_brokenb_iff. split; [tauto|]. intros [H|(ms & after & P & _)]; auto using in_rules.
    apply parsed_iff in P. congruence.
Qed.
Lemma broken_behind v ln file header data r : framed file header data ->
  (broken v ln file r <-> header_broken v ln header (size data) r).
Proof.
  intros F. unfold broken. fold (header_broken v ln). split.
  - intros [H|(h & d & F' & H)]; [destruct (proj2 (unframed_iff _ _ H) _ _ F)|].
    destruct (framed_unique _ _ _ _ _ F F') as [-> ->]. exact H.
  - intros H. right. exists header, data. auto.
Qed.
Theorem look_iff v ln file r : In r (fst (look v ln file (size file))) <-> broken v ln file r.
Proof.
  destruct (look_cases v ln file) as [(r0 & -> & B & NF)|(header & data & -> & F)].
  - cbn. unfold broken. rewrite B. split; [intros [->|[]]; auto|].
    intros [->|(h & d & F & _)]; [auto|destruct (NF _ _ F)].
  - rewrite judge_iff. symmetry. apply broken_behind; assumption.
Qed.

Definition ascending : list rule -> Prop := StronglySorted (fun r r' => rank r < rank r').
Lemma rules_ascending : ascending rules.
Proof.
  apply Sorted_StronglySorted; [intros a b c; apply N.lt_trans|]. repeat constructor.
Qed.
Lemma filter_ascending p l : ascending l -> ascending (filter p l).
Proof.
  unfold ascending. induction 1 as [|r l _ IH F]; cbn; [constructor|].
  destruct (p r); [|exact IH]. constructor; [exact IH|].
  rewrite Forall_forall in *. intros x I. apply filter_In in I as [I _]. auto.
Qed.
Lemma look_ascending v ln file : ascending (fst (look v ln file (size file))).
Proof.
  destruct (look_cases v ln file) as [(r & -> & _)|(header & data & -> & _)].
  - repeat constructor.
  - unfold judge. destruct (parsedb header) as [[]|]; apply filter_ascending, rules_ascending.
Qed.
Theorem check_refuses v ln file r : check v ln file = Refused r <-> first_broken v ln file r.
Proof.
  pose proof (look_iff v ln file) as B. pose proof (look_ascending v ln file) as S.
  unfold check, verdict_of, first_broken. setoid_rewrite <- B. clear B.
  destruct (look v ln file (size file)) as [[|a l] R]; cbn [fst In] in *.
  { split; [discriminate|intros [[] _]]. }
  apply StronglySorted_inv in S as [_ S]. rewrite Forall_forall in S. split.
  - intros [= ->]. split; [auto|]. intros r' [->|I]; [lia|]. apply N.lt_le_incl, S, I.
  - intros [[->|I] L]; [reflexivity|]. specialize (L a (or_introl eq_refl)).
    specialize (S r I). lia.
Qed.

(* ---- The reading: a file that breaks nothing has just one, and the checker gives it ---- *)

Lemma parsedb_fault header k : parsedb header = Some (Fault k) ->
  In k [JSON_1; JSON_2; JSON_3; JSON_4; JSON_5].
Proof.
  intros E. apply parsedb_some in E as (_ & [[_ [= ->]]|[_ V]]); [cbn; auto|].
  exact (fault_rules _ _ V).
Qed.
Lemma kept_is_parsed ln header : (forall r, ~ text_broken ln header r) ->
  exists ms after, parsed header ms after.
Proof.
  setoid_rewrite <- text_brokenb_iff. intros K.
  destruct (parsedb header) as [[ms after|k]|] eqn:E.
  - exists ms, after. apply parsed_iff, E.
  - destruct (K k). apply parsedb_fault in E.
    destruct E as [<-|[<-|[<-|[<-|[<-|[]]]]]]; reflexivity.
  - specialize (K TXT_1) as T. specialize (K TXT_2) as U. cbn in T, U. unfold parsedb in E.
    destruct (utf8b header); [|destruct U; reflexivity].
    destruct header as [|b header]; [destruct T; reflexivity|].
    cbn in E. destruct (b =? 123); [discriminate|]. cbn in E, T.
    destruct (space b); [discriminate|]. rewrite andb_false_r in T. destruct T. reflexivity.
Qed.
Lemma parsed_unique header ms after ms' after' :
  parsed header ms after -> parsed header ms' after' -> ms = ms' /\ after = after'.
Proof. rewrite !parsed_iff. intros ->. intros [= -> ->]. auto. Qed.
Lemma placed_unique ln ms ps ps' : placed ln ms ps -> placed ln ms ps' -> ps = ps'.
Proof. rewrite <- !placedb_iff. congruence. Qed.

(* A valid file, stage by stage. *)
Lemma valid_iff v ln file : valid v ln file <-> exists header data ms after ps,
  framed file header data /\ parsed header ms after /\ placed ln ms ps
  /\ (forall r, ~ text_broken ln header r) /\ (forall r, ~ structure_broken v ln ms r)
  /\ (forall r, ~ size_broken v ln ms r) /\ forall r, ~ layout_broken ps (size data) r.
Proof.
  unfold valid. split.
  - intros V. destruct (look_cases v ln file) as [(r & _ & B & _)|(header & data & _ & F)].
    { destruct (V r). left. apply B. reflexivity. }
    assert (K : forall r, ~ header_broken v ln header (size data) r).
    { intros r H. apply (V r). apply (broken_behind _ _ _ _ _ _ F), H. }
    destruct (kept_is_parsed ln header) as (ms & after & P).
    { intros r H. apply (K r). left. exact H. }
    assert (S : forall r, ~ structure_broken v ln ms r).
    { intros r H. apply (K r). right. exists ms, after. auto. }
    assert (Z : forall r, ~ size_broken v ln ms r).
    { intros r H. apply (K r). right. exists ms, after. auto. }
    destruct (placed_exists _ _ _ S Z) as [ps Q]. exists header, data, ms, after, ps.
    repeat (split; [assumption|]). split.
    + intros r H. apply (K r). left. exact H.
    + repeat (split; [assumption|]). intros r H. apply (K r). right. eauto 9.
  - intros (header & data & ms & after & ps & F & P & Q & T & S & Z & L) r B.
    apply (broken_behind _ _ _ _ _ _ F) in B as [B|(ms' & after' & P' & B)]; [exact (T r B)|].
    destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
    destruct B as [B|[B|(ps' & Q' & B)]]; [exact (S r B)|exact (Z r B)|].
    rewrite (placed_unique _ _ _ _ Q' Q) in B. exact (L r B).
Qed.

Theorem one_meaning v ln file R R' : means v ln file R -> means v ln file R' -> R = R'.
Proof.
  intros (_ & h & d & ms & a & F & P & M) (_ & h' & d' & ms' & a' & F' & P' & M').
  destruct (framed_unique _ _ _ _ _ F F') as [<- <-].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
  exact (reads_unique _ _ _ _ _ M M').
Qed.
Lemma valid_look v ln file : valid v ln file ->
  exists R, look v ln file (size file) = ([], R) /\ means v ln file R.
Proof.
  intros V.
  destruct (proj1 (valid_iff _ _ _) V) as (h & d & ms & a & ps & F & P & _ & _ & S & Z & _).
  exists (snd (look v ln file (size file))). split.
  - pose proof (look_iff v ln file) as B.
    destruct (look v ln file (size file)) as [[|r l] R]; [reflexivity|].
    destruct (V r). apply B. left. reflexivity.
  - split; [exact V|]. exists h, d, ms, a. repeat (split; [assumption|]).
    destruct (look_cases v ln file) as [(r & _ & _ & N)|(h' & d' & -> & F')].
    { destruct (N _ _ F). }
    destruct (framed_unique _ _ _ _ _ F F') as [<- <-]. apply parsed_iff in P.
    rewrite (judge_parsed _ _ _ _ _ _ P). apply reads_complete; assumption.
Qed.
Theorem valid_is_read v ln file : valid v ln file -> exists R, means v ln file R.
Proof. intros V. destruct (valid_look _ _ _ V) as (R & _ & M). eauto. Qed.
Theorem check_accepts v ln file R : check v ln file = Accepted R <-> means v ln file R.
Proof.
  assert (A : forall R, check v ln file = Accepted R <-> look v ln file (size file) = ([], R)).
  { intros R0. unfold check, verdict_of.
    destruct (look v ln file (size file)) as [[|r l] R']; split; congruence. }
  rewrite A. split.
  - intros E. assert (V : valid v ln file).
    { intros r B. apply look_iff in B. rewrite E in B. exact B. }
    destruct (valid_look _ _ _ V) as (R' & E' & M). congruence.
  - intros M. destruct (valid_look v ln file) as (R' & E & M'); [apply M|].
    rewrite (one_meaning _ _ _ _ _ M M'). exact E.
Qed.
Theorem accepted_or_first_broken v ln file :
  ((exists R, means v ln file R) \/ exists r, first_broken v ln file r)
  /\ ~ ((exists R, means v ln file R) /\ exists r, first_broken v ln file r).
Proof.
  setoid_rewrite <- check_accepts. setoid_rewrite <- check_refuses.
  destruct (check v ln file) as [R|r]; split; eauto; intros [[R' E] [r' E']]; congruence.
Qed.

(* ---- The bytes of the tensors ---- *)

Lemma chain_iff len l : forall begin, chain begin len l <->
  map p_begin l ++ [len] = begin :: map p_end l.
Proof.
  induction l as [|p l IH]; intros begin; cbn [chain map app]; [split; congruence|].
  rewrite IH. split; [intros [-> ->]; reflexivity|intros [= -> ->]; auto].
Qed.
Theorem layout_is_one_chain ps qs len : NoDup (map p_name ps) ->
  Forall (fun p => p_begin p <= p_end p) ps -> Permutation ps qs ->
  Sorted (fun p q => p_begin p < p_begin q \/ p_begin p = p_begin q /\ p_end p <= p_end q) qs ->
  ((forall r, ~ layout_broken ps len r) <-> map p_begin qs ++ [len] = 0 :: map p_end qs).
Proof.
  intros N O P S. rewrite <- chain_iff, (five_rules_one_chain _ _ N O). apply tiles_any_order; auto.
  clear - S. induction S as [|p l S IH H]; constructor; auto.
  destruct H; constructor. apply leb_iff. assumption.
Qed.

Definition place_of (t : tensor) : place := Place (t_name t) (t_begin t) (t_end t).
Lemma offsets_unique fs b e b' e' :
  has_offsets fs b e -> has_offsets fs b' e' -> b = b' /\ e = e'.
Proof. rewrite <- !offsetsb_iff. intros ->. intros [= -> ->]. auto. Qed.
Lemma places_of_tensors v ln ms ps R :
  placed ln ms ps -> reads v ln ms R -> ps = map place_of (r_tensors R).
Proof.
  intros [_ P] [_ T]. revert ps P.
  induction T as [|m t l ts (N & fs & bits & F & _ & _ & O) T IH]; intros ps P;
    inversion P as [|m' p l' ps' (N' & _ & fs' & F' & O') P']; subst; [reflexivity|].
  cbn [map]. rewrite (IH _ P'). f_equal. rewrite F in F'. injection F' as <-.
  destruct (offsets_unique _ _ _ _ _ O O') as [B E].
  destruct p as [n b e]. unfold place_of. cbn in *. congruence.
Qed.
(* What section 13 says of the tensors of a valid file, behind its N and header text. *)
Lemma means_tiles v ln file R : means v ln file R -> let ps := map place_of (r_tensors R) in
  let len := size file - (8 + little (firstn 8 file)) in
  8 + little (firstn 8 file) <= size file /\ NoDup (map p_name ps)
  /\ Forall (fun p => p_begin p <= p_end p) ps /\ forall r, ~ layout_broken ps len r.
Proof.
  intros (V & h & d & ms & a & F & P & M). cbv zeta.
  destruct (proj1 (valid_iff _ _ _) V) as (h' & d' & ms' & a' & ps & F' & P' & Q & _ & _ & _ & L).
  destruct (framed_unique _ _ _ _ _ F F') as [<- <-].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
  rewrite <- (places_of_tensors _ _ _ _ _ Q M). destruct Q as [N Q].
  apply framed_iff in F as (A & _ & B & _ & D). unfold declared in *. split; [lia|].
  split; [exact N|split].
  - clear - Q. induction Q as [|m p l ps (_ & H & _) Q IH]; constructor; assumption.
  - intros r. replace (_ - _) with (size d); [apply L|]. rewrite D, !size_skipn, N2Nat.id. lia.
Qed.
Theorem length_of_valid v ln file R : means v ln file R -> size file = 8 + little (firstn 8 file)
  + fold_right N.add 0 (map (fun t => t_end t - t_begin t) (r_tensors R)).
Proof.
  intros M. apply means_tiles in M as (A & N & O & L). apply length_determined in L; auto.
  rewrite map_map in L. cbn [place_of p_begin p_end] in L. rewrite <- L. lia.
Qed.
Theorem bytes_owned_once v ln file R : means v ln file R ->
  forall i, 8 + little (firstn 8 file) + i < size file ->
  exists! t, In t (r_tensors R) /\ t_begin t <= i < t_end t.
Proof.
  intros M i I. apply means_tiles in M as (A & N & O & L).
  destruct (owned_once _ _ N O L i) as (p & [J H] & U); [lia|].
  apply in_map_iff in J as (t & <- & J). exists t. split; [auto|]. intros t' [J' H'].
  specialize (U (place_of t') (conj (in_map _ _ _ J') H')).
  rewrite map_map in N. cbn [place_of p_name] in N. clear - N J J' U.
  injection U as E _ _. induction (r_tensors R) as [|x l IH]; [destruct J|].
  inversion_clear N as [|? ? X N']. destruct J as [->|J], J' as [->|J']; auto; destruct X.
  - rewrite E. apply in_map, J'.
  - rewrite <- E. apply in_map, J.
Qed.
Theorem bytes_in_file v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  t_begin t <= t_end t /\ 8 + little (firstn 8 file) + t_end t <= size file.
Proof.
  intros M t I. apply means_tiles in M as (A & _ & O & L). rewrite Forall_forall in O.
  apply (in_map place_of) in I. split; [exact (O _ I)|].
  destruct (N.le_gt_cases (8 + little (firstn 8 file) + t_end t) (size file)) as [H|H]; [exact H|].
  destruct (L LAY_1). exists (place_of t). split; [exact I|].
  cbn [place_of p_end]. lia.
Qed.
Theorem bytes_of_tensor v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  size (tensor_bytes file t) = t_end t - t_begin t.
Proof.
  intros M t I. destruct (bytes_in_file _ _ _ _ M t I) as [O B]. unfold tensor_bytes.
  rewrite size_firstn; [reflexivity|]. rewrite !size_skipn, !N2Nat.id. lia.
Qed.
Theorem zero_size_owns_nothing t i : t_begin t = t_end t -> ~ t_begin t <= i < t_end t.
Proof. lia. Qed.
