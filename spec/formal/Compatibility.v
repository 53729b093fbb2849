(* Compatibility.v: a file between two versions, and between two sets of leniencies. The table of
   dtypes is asked by computation, so that it can grow; no dtype has its name here. *)
From Coq Require Import List NArith Bool String Lia.
From Safetensors Require Import Tables Format Decide Names Structure Sizes Check.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Two versions: a later one has the dtypes of an earlier one, with their widths ---- *)

Definition row_name (row : String.string * N * version) : bytes := text (fst (fst row)).
Definition row_width (row : String.string * N * version) : N := snd (fst row).
Lemma one_width row row' : In row dtypes -> In row' dtypes -> row_name row = row_name row' ->
  row_width row = row_width row'.
Proof.
  assert (T : forallb (fun r => forallb (fun r' => negb (same (row_name r) (row_name r'))
    || (row_width r =? row_width r')) dtypes) dtypes = true) by (vm_compute; reflexivity).
  rewrite forallb_forall in T. intros I I' E. specialize (T row I). rewrite forallb_forall in T.
  specialize (T row' I'). rewrite (proj2 (same_iff _ _) E) in T. apply N.eqb_eq, T.
Qed.
Lemma vocabulary_iff v name bits : vocabulary v name = Some bits <->
  exists row, In row dtypes /\ row_name row = name /\ row_width row = bits
  /\ age (snd row) <= age v.
Proof.
  unfold vocabulary. split.
  - destruct (find _ dtypes) as [row|] eqn:F; [|discriminate]. intros [= <-].
    apply find_some in F as [I F]. apply andb_true_iff in F as [S L].
    exists row. rewrite same_iff in S. rewrite N.leb_le in L. auto.
  - intros (row & I & N & W & L).
    destruct (find _ dtypes) as [row'|] eqn:F.
    + apply find_some in F as [I' F]. apply andb_true_iff in F as [S _]. rewrite same_iff in S.
      cbn. f_equal. rewrite <- W. apply one_width; auto. unfold row_name in *. congruence.
    + exfalso. eapply find_none in F; [|exact I]. cbn beta in F. unfold row_name in N.
      apply same_iff in N. rewrite N in F. apply N.leb_le in L. rewrite L in F. discriminate.
Qed.
Theorem vocabulary_grows v w name bits : age v <= age w ->
  vocabulary v name = Some bits -> vocabulary w name = Some bits.
Proof.
  intros A. rewrite !vocabulary_iff. intros (row & I & N & W & L). exists row. repeat split; auto.
  lia.
Qed.

Lemma once_first k fs x : once k fs = Some x -> first k fs = Some x.
Proof.
  unfold once, first. rewrite find_filter. destruct (filter (named k) fs) as [|m [|]]; easy.
Qed.
Lemma has_dtype_grows v w ln fs d bits : age v <= age w ->
  has_dtype v ln fs d bits -> has_dtype w ln fs d bits.
Proof.
  intros A (x & O & D & V). exists x. apply (vocabulary_grows v w _ _ A) in V. auto.
Qed.
Lemma has_dtype_shrinks v w ln ms k x fs d bits : age v <= age w ->
  ~ structure_broken v ln ms DT_2 -> In (k, x) (counted ln ms) -> fields ln x = Some fs ->
  has_dtype w ln fs d bits -> has_dtype v ln fs d bits.
Proof.
  intros A B I F (y & O & D & V). exists y. split; [exact O|split; [exact D|]].
  destruct (vocabulary v d) as [bits'|] eqn:V'.
  - apply (vocabulary_grows v w) in V'; [|exact A]. congruence.
  - destruct B. exists y, d. split; [|auto]. exists fs. split; [|apply once_first, O].
    exists k, x. split; [apply counted_in in I|]; assumption.
Qed.
Lemma size_by_dtypes v w ln ms r : (forall k x fs d bits, In (k, x) (counted ln ms) ->
    fields ln x = Some fs -> has_dtype v ln fs d bits -> has_dtype w ln fs d bits) ->
  size_broken v ln ms r -> size_broken w ln ms r.
Proof.
  intros D (k & x & fs & bits & shape & b & e & I & F & H).
  exists k, x, fs, bits, shape, b, e. split; [exact I|split; [exact F|]].
  assert (S : (exists d, has_dtype v ln fs d bits) -> exists d, has_dtype w ln fs d bits).
  { intros [d Hd]. exists d. exact (D _ _ _ _ _ I F Hd). }
  destruct r;
    first [destruct H as [[E X] Y]; exact (conj (conj (S E) X) Y)|exact H].
Qed.
Lemma structure_any_version v w ln ms r :
  structure_broken v ln ms r -> r = DT_2 \/ structure_broken w ln ms r.
Proof. intros H. destruct r; first [left; reflexivity|right; exact H]. Qed.
Lemma structure_shrinks v w ln ms r : age v <= age w ->
  structure_broken w ln ms r -> structure_broken v ln ms r.
Proof.
  intros A H. destruct (structure_any_version w v _ _ _ H) as [->|H']; [|exact H'].
  destruct H as (x & d & F & D & V). exists x, d. split; [exact F|split; [exact D|]].
  destruct (vocabulary v d) eqn:E; [|reflexivity].
  apply (vocabulary_grows v w _ _ A) in E. rewrite E in V. discriminate.
Qed.
Lemma reads_grows v w ln ms R : age v <= age w -> reads v ln ms R -> reads w ln ms R.
Proof.
  intros A [M T]. split; [exact M|]. induction T as [|m t l ts (N & fs & bits & F & D & S) T IH];
    constructor; [|exact IH].
  split; [exact N|]. exists fs, bits. apply (has_dtype_grows v w _ _ _ _ A) in D. auto.
Qed.

(* What is valid in a version is valid in every later one, with the same meaning. *)
Theorem backward v w ln file R : age v <= age w -> means v ln file R -> means w ln file R.
Proof.
  intros A (V & h & d & ms & a & F & P & M). split;
    [|apply (reads_grows v w _ _ _ A) in M; exists h, d, ms, a; auto].
  apply valid_iff in V as (h' & d' & ms' & a' & ps & F' & P' & Q & T & S & Z & L).
  apply valid_iff. exists h', d', ms', a', ps.
  split; [exact F'|split; [exact P'|split; [exact Q|split; [exact T|split; [|split; [|exact L]]]]]].
  - intros r B. exact (S r (structure_shrinks v w _ _ _ A B)).
  - intros r B. apply (Z r), (size_by_dtypes w v); [|exact B].
    intros k x fs dt bits. apply (has_dtype_shrinks v w _ _ _ _ _ _ _ A (S DT_2)).
Qed.
(* An earlier version knows nothing worse of a valid file than a dtype that it does not have. *)
Theorem forward v w ln file r : age v <= age w -> valid w ln file -> broken v ln file r -> r = DT_2.
Proof.
  intros A V B. apply valid_iff in V as (h & d & ms & a & ps & F & P & Q & T & S & Z & L).
  apply (broken_behind _ _ _ _ _ _ F) in B as [B|(ms' & a' & P' & B)]; [destruct (T r B)|].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
  destruct B as [B|[B|(ps' & Q' & B)]].
  - destruct (structure_any_version v w _ _ _ B) as [H|H]; [exact H|destruct (S r H)].
  - destruct (Z r). apply (size_by_dtypes v w); [|exact B]. intros k x fs dt bits _ _.
    apply has_dtype_grows, A.
  - rewrite (placed_unique _ _ _ _ Q' Q) in B. destruct (L r B).
Qed.
Corollary read_alike_or_unknown_dtype v w ln file R : age v <= age w -> means w ln file R ->
  means v ln file R \/ first_broken v ln file DT_2.
Proof.
  intros A M. destruct (proj1 (accepted_or_first_broken v ln file)) as [[R' M']|[r B]].
  - left. rewrite (one_meaning _ _ _ _ _ M (backward v w _ _ _ A M')). exact M'.
  - right. rewrite <- (forward v w ln file r A (proj1 M) (proj1 B)). exact B.
Qed.
