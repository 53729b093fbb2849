(* Compatibility.v: what a file means under two versions, and under two sets of leniencies. The
   table of dtypes is asked by computation, so that it can grow: no dtype has its name here, and no
   definition of the format stands here. *)
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

(* ---- Two sets of leniencies: one more changes no meaning, and covers its rule only ---- *)

Section Leniencies.
Variables (v : version) (ln more : lenience).
Hypothesis added : forall l, ln l = true -> more l = true.

Lemma fields_added x fs : fields ln x = Some fs -> fields more x = Some fs.
Proof.
  destruct x as [| | | | |[|a [|b [|c [|]]]]|]; try discriminate; [|exact (fun H => H)].
  cbn [fields]. destruct (ln sequence_entry) eqn:L; [|discriminate]. rewrite (added _ L). auto.
Qed.
Lemma dtype_name_added x d : dtype_name ln x = Some d -> dtype_name more x = Some d.
Proof.
  destruct x as [| | | |s|l|[|[k []] [|]]]; try discriminate; [exact (fun H => H)|].
  cbn [dtype_name]. destruct (ln enum_map_dtype) eqn:L; [|discriminate]. rewrite (added _ L). auto.
Qed.
Lemma fits_added bits shape : fits ln bits shape -> fits more bits shape.
Proof. intros [H|[L H]]; [left; exact H|right]. split; [apply added, L|exact H]. Qed.
Lemma starts_weaker (p q : N -> Prop) i : (forall b, p b -> q b) -> starts p i -> starts q i.
Proof. intros H (b & r & E & P). exists b, r. auto. Qed.
Lemma text_added header r : text_broken more header r -> text_broken ln header r.
Proof.
  destruct r; try exact (fun H => H); cbn [text_broken].
  - intros N S. apply N. revert S. apply starts_weaker. intros b [H|[L H]]; [auto|right].
    split; [apply added, L|exact H].
  - intros (ms & after & b & P & I & N). exists ms, after, b. split; [exact P|split; [exact I|]].
    intros [H|[L H]]; apply N; [auto|right]. split; [apply added, L|exact H].
Qed.

Lemma placed_added ms ps : counted more ms = counted ln ms ->
  placed ln ms ps -> placed more ms ps.
Proof.
  intros C [U P]. split; [exact U|]. rewrite C. clear U C.
  induction P as [|m p l ps' (N & L & fs & F & O) P IH]; constructor; [|exact IH].
  split; [exact N|split; [exact L|]]. exists fs. split; [apply fields_added, F|exact O].
Qed.
Lemma has_dtype_added fs d bits : has_dtype v ln fs d bits -> has_dtype v more fs d bits.
Proof. intros (x & O & D & V). exists x. apply dtype_name_added in D. auto. Qed.

Section Kept.
Variable ms : list (bytes * json).
Hypothesis structure_kept : forall r, ~ structure_broken v ln ms r.

Lemma fields_same k x : In (k, x) (entries ms) -> fields more x = fields ln x.
Proof.
  intros I. destruct (fields ln x) as [fs|] eqn:F; [apply fields_added, F|].
  destruct (structure_kept ENT_1). exists k, x. auto.
Qed.
Lemma entry_same fs : entry more ms fs -> entry ln ms fs.
Proof. intros (k & x & I & F). exists k, x. rewrite <- (fields_same _ _ I). auto. Qed.
Lemma field_same k x : field more ms k x -> field ln ms k x.
Proof. intros (fs & E & F). exists fs. auto using entry_same. Qed.
Lemma element_same x : element more ms x -> element ln ms x.
Proof. intros (k & xs & K & F & I). exists k, xs. auto using field_same. Qed.
Lemma dtype_name_same x : field ln ms (text "dtype") x -> dtype_name more x = dtype_name ln x.
Proof.
  intros F. destruct (dtype_name ln x) as [d|] eqn:D; [apply dtype_name_added, D|].
  destruct (structure_kept DT_1). exists x. auto.
Qed.
Lemma structure_added r : structure_broken v more ms r -> structure_broken v ln ms r.
Proof.
  assert (N : forall l, ~ more l -> ~ ln l) by (intros l N L; apply N, added, L).
  destruct r; try contradiction.
  - intros [L U]. exact (conj (N _ L) U).
  - exact (fun H => H).
  - intros (m & M & O & L). exists m. split; [exact M|split; [exact O|]].
    intros [L' H]. apply L. exact (conj (added _ L') H).
  - exact (fun H => H).
  - intros [L H]. exact (conj (N _ L) H).
  - intros (k & x & I & F). exists k, x. rewrite <- (fields_same _ _ I). exact (conj I F).
  - intros (fs & k & E & H). exists fs, k. exact (conj (entry_same _ E) H).
  - intros (fs & k & E & H). exists fs, k. exact (conj (entry_same _ E) H).
  - intros (L & fs & k & E & H). split; [exact (N _ L)|].
    exists fs, k. exact (conj (entry_same _ E) H).
  - intros (x & F & D). apply field_same in F. exists x.
    rewrite <- (dtype_name_same _ F). exact (conj F D).
  - intros (x & d & F & D). apply field_same in F. exists x, d.
    rewrite <- (dtype_name_same _ F). exact (conj F D).
  - intros (x & F & H). exists x. exact (conj (field_same _ _ F) H).
  - intros (x & F & H). exists x. exact (conj (field_same _ _ F) H).
  - intros (x & F & H). exists x. exact (conj (field_same _ _ F) H).
  - intros (x & F & H). exists x. exact (conj (element_same _ F) H).
  - intros (x & F & H). exists x. exact (conj (element_same _ F) H).
  - intros (x & F & H). exists x. exact (conj (element_same _ F) H).
Qed.
Lemma counted_same : counted more ms = counted ln ms.
Proof.
  pose proof (counted_nodup v ln ms structure_kept) as U. unfold counted in *.
  destruct (ln duplicate_last_wins) eqn:L; [rewrite (added _ L); reflexivity|].
  destruct (more duplicate_last_wins); [apply last_of_each_nodup, U|reflexivity].
Qed.
Lemma has_dtype_same fs d bits : entry ln ms fs ->
  has_dtype v more fs d bits -> has_dtype v ln fs d bits.
Proof.
  intros E (x & O & D & V). exists x. rewrite <- (dtype_name_same x); [auto|].
  exists fs. split; [exact E|apply once_first, O].
Qed.
Lemma size_added r : (forall r, ~ size_broken v ln ms r) ->
  size_broken v more ms r -> size_broken v ln ms r.
Proof.
  intros Z (k & x & fs & bits & shape & b & e & I & F & H). rewrite counted_same in I.
  rewrite (fields_same k) in F by exact (counted_in _ _ _ I).
  assert (E : (exists d, has_dtype v more fs d bits) -> exists d, has_dtype v ln fs d bits).
  { intros [d D]. exists d. apply has_dtype_same; [|exact D].
    exists k, x. split; [apply (counted_in _ _ _ I)|exact F]. }
  assert (S : (exists d, has_dtype v ln fs d bits) -> has_shape fs shape -> fits ln bits shape).
  { intros D X. apply fitsb_iff. destruct (fitsb ln bits shape) eqn:G; [reflexivity|].
    destruct (Z SIZE_1). exists k, x, fs, bits, shape, b, e.
    split; [exact I|split; [exact F|split; [exact (conj D X)|]]].
    intros T. apply fitsb_iff in T. congruence. }
  exists k, x, fs, bits, shape, b, e. split; [exact I|split; [exact F|]].
  destruct r; try contradiction; [exact H| | |]; destruct H as [[D X] H]; apply E in D;
    split; try exact (conj D X).
  - intros G. apply H, fits_added, G.
  - exact (conj (S D X) (proj2 H)).
  - exact (conj (S D X) (proj2 H)).
Qed.
Lemma reads_added R : reads v ln ms R -> reads v more ms R.
Proof.
  intros [(ps & M & E) T]. split.
  - exists ps. split; [|exact E]. rewrite M. destruct (ln duplicate_metadata_last_wins) eqn:L.
    { rewrite (added _ L). reflexivity. }
    destruct (more duplicate_metadata_last_wins); [|reflexivity]. symmetry.
    apply last_of_each_nodup, nodupb_iff. destruct (nodupb (keys ps)) eqn:U; [reflexivity|].
    destruct (structure_kept META_4). split; [rewrite L; discriminate|].
    destruct (filter is_meta ms) as [|[k [| | | | | |m]] rest]; try (rewrite E in U; discriminate).
    exists m. split; [exists k, rest; reflexivity|]. intros U'. apply not_true_iff_false in U.
    apply U, nodupb_iff. rewrite E in U'. unfold keys in *. rewrite map_map in U'. exact U'.
  - rewrite counted_same. induction T as [|m t l ts (N & fs & bits & F & D & S) T IH];
      constructor; [|exact IH].
    split; [exact N|]. exists fs, bits. apply fields_added in F. apply has_dtype_added in D. auto.
Qed.
End Kept.

Theorem more_lenient_reads_alike file R : means v ln file R -> means v more file R.
Proof.
  intros (V & h & d & ms & a & F & P & M).
  apply valid_iff in V as (h' & d' & ms' & a' & ps & F' & P' & Q & T & S & Z & L).
  destruct (framed_unique _ _ _ _ _ F F') as [<- <-].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-]. split.
  - apply valid_iff. exists h, d, ms, a, ps. split; [exact F|split; [exact P|]].
    split; [exact (placed_added ms ps (counted_same ms S) Q)|].
    split; [|split; [|split; [|exact L]]]; intros r B.
    + exact (T r (text_added _ _ B)).
    + exact (S r (structure_added ms S r B)).
    + exact (Z r (size_added ms S r Z B)).
  - exists h, d, ms, a. apply (reads_added ms S) in M. auto.
Qed.

(* A leniency that is added covers faults of the one rule that it relaxes. *)
Definition covered (r : rule) : Prop := exists l, more l = true /\ ln l = false /\ relaxes l = r.
Lemma covered_or_alike l : covered (relaxes l) \/ more l = ln l.
Proof.
  unfold covered. destruct (ln l) eqn:L; [right; exact (added _ L)|].
  destruct (more l) eqn:M; [left; exists l|]; auto.
Qed.
Lemma text_covered header r : text_broken ln header r ->
  covered r \/ text_broken more header r.
Proof.
  intros H. destruct r; try (right; exact H).
  - destruct (covered_or_alike leading_whitespace) as [C|E]; [left; exact C|right].
    cbn [text_broken] in *. rewrite E. exact H.
  - destruct (covered_or_alike trailing_whitespace) as [C|E]; [left; exact C|right].
    cbn [text_broken] in *. rewrite E. exact H.
Qed.

Section Covered.
Variable ms : list (bytes * json).

Lemma entry_added fs : entry ln ms fs -> entry more ms fs.
Proof. intros (k & x & I & F). exists k, x. auto using fields_added. Qed.
Lemma field_added k x : field ln ms k x -> field more ms k x.
Proof. intros (fs & E & F). exists fs. auto using entry_added. Qed.
Lemma element_added x : element ln ms x -> element more ms x.
Proof. intros (k & xs & K & F & I). exists k, xs. auto using field_added. Qed.
Lemma structure_covered r : structure_broken v ln ms r ->
  covered r \/ structure_broken v more ms r.
Proof.
  assert (N : forall l, covered (relaxes l) \/ (~ ln l -> ~ more l)).
  { intros l. destruct (covered_or_alike l) as [C|E]; [auto|right]. rewrite E. auto. }
  destruct r; try contradiction.
  - intros [L U]. destruct (N duplicate_last_wins) as [C|M]; [left; exact C|right].
    exact (conj (M L) U).
  - right. assumption.
  - intros (m & M & O & L). destruct (covered_or_alike null_metadata) as [C|E]; [left; exact C|].
    right. exists m. rewrite E. auto.
  - right. assumption.
  - intros [L H]. destruct (N duplicate_metadata_last_wins) as [C|M]; [left; exact C|right].
    exact (conj (M L) H).
  - intros (k & x & I & F). destruct (covered_or_alike sequence_entry) as [C|E]; [left; exact C|].
    right. exists k, x. split; [exact I|]. unfold fields in *. rewrite E. exact F.
  - intros (fs & k & E & H). right. exists fs, k. exact (conj (entry_added _ E) H).
  - intros (fs & k & E & H). right. exists fs, k. exact (conj (entry_added _ E) H).
  - intros (L & fs & k & E & H). destruct (N unknown_fields) as [C|M]; [left; exact C|right].
    split; [exact (M L)|]. exists fs, k. exact (conj (entry_added _ E) H).
  - intros (x & F & D). destruct (covered_or_alike enum_map_dtype) as [C|E]; [left; exact C|right].
    exists x. split; [exact (field_added _ _ F)|]. unfold dtype_name in *. rewrite E. exact D.
  - intros (x & d & F & D & V). right. exists x, d. apply dtype_name_added in D.
    exact (conj (field_added _ _ F) (conj D V)).
  - intros (x & F & H). right. exists x. exact (conj (field_added _ _ F) H).
  - intros (x & F & H). right. exists x. exact (conj (field_added _ _ F) H).
  - intros (x & F & H). right. exists x. exact (conj (field_added _ _ F) H).
  - intros (x & F & H). right. exists x. exact (conj (element_added _ F) H).
  - intros (x & F & H). right. exists x. exact (conj (element_added _ F) H).
  - intros (x & F & H). right. exists x. exact (conj (element_added _ F) H).
Qed.
(* Which entries count may differ, but only if an earlier rule is broken. *)
Lemma counted_or_name : counted more ms = counted ln ms \/ structure_broken v ln ms NAME_1.
Proof.
  unfold counted. destruct (ln duplicate_last_wins) eqn:L; [rewrite (added _ L); auto|].
  destruct (nodupb (keys (entries ms))) eqn:U.
  - left. apply nodupb_iff in U. rewrite (last_of_each_nodup _ U).
    destruct (more duplicate_last_wins); reflexivity.
  - right. split; [rewrite L; discriminate|]. intros U'. apply nodupb_iff in U'. congruence.
Qed.
Lemma size_covered r : counted more ms = counted ln ms -> size_broken v ln ms r ->
  covered r \/ size_broken v more ms r.
Proof.
  intros C (k & x & fs & bits & shape & b & e & I & F & H). apply fields_added in F.
  rewrite <- C in I.
  assert (D : (exists d, has_dtype v ln fs d bits) -> exists d, has_dtype v more fs d bits).
  { intros [d D]. exists d. apply has_dtype_added, D. }
  destruct r; try contradiction.
  - right. exists k, x, fs, bits, shape, b, e. exact (conj I (conj F H)).
  - destruct (covered_or_alike zero_absorbs_overflow) as [Z|Z]; [left; exact Z|right].
    destruct H as [[T X] G]. exists k, x, fs, bits, shape, b, e.
    unfold fits in *. rewrite Z. exact (conj I (conj F (conj (conj (D T) X) G))).
  - right. destruct H as [[T X] [G H]]. apply fits_added in G. exists k, x, fs, bits, shape, b, e.
    exact (conj I (conj F (conj (conj (D T) X) (conj G H)))).
  - right. destruct H as [[T X] [G H]]. apply fits_added in G. exists k, x, fs, bits, shape, b, e.
    exact (conj I (conj F (conj (conj (D T) X) (conj G H)))).
Qed.
Lemma names_come_first ps len r :
  size_broken v ln ms r \/ layout_broken ps len r -> rank NAME_1 < rank r.
Proof.
  intros [(k & x & fs & bits & shape & b & e & _ & _ & H)|H];
    destruct r; contradiction || reflexivity.
Qed.
End Covered.

Theorem first_broken_is_covered file r :
  valid v more file -> first_broken v ln file r -> covered r.
Proof.
  intros V [B L]. apply valid_iff in V as (h & d & ms & a & ps & F & P & Q & T & S & Z & Y).
  assert (N : structure_broken v ln ms NAME_1 -> ~ rank NAME_1 < rank r).
  { intros H. apply N.le_ngt, L, (broken_behind _ _ _ _ _ _ F). right. exists ms, a. auto. }
  apply (broken_behind _ _ _ _ _ _ F) in B as [B|(ms' & a' & P' & B)].
  { destruct (text_covered _ _ B) as [C|H]; [exact C|destruct (T r H)]. }
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
  destruct B as [B|[B|(ps' & Q' & B)]].
  - destruct (structure_covered _ _ B) as [C|H]; [exact C|destruct (S r H)].
  - destruct (counted_or_name ms) as [E|E].
    + destruct (size_covered _ _ E B) as [C|H]; [exact C|destruct (Z r H)].
    + destruct (N E). apply (names_come_first ms ps 0). auto.
  - destruct (counted_or_name ms) as [E|E].
    + apply (placed_added _ _ E) in Q'. rewrite (placed_unique _ _ _ _ Q' Q) in B.
      destruct (Y r B).
    + destruct (N E). apply (names_come_first ms ps' (size d)). auto.
Qed.
End Leniencies.

(* What a strict reader accepts means the same to every lenient one. *)
Theorem lenient_reads_alike v ln file R : means v strict file R -> means v ln file R.
Proof. apply more_lenient_reads_alike. discriminate. Qed.
(* What only lenient readers accept breaks first a rule that one of their leniencies relaxes. *)
Theorem leniency_covers_its_rule v ln file r : valid v ln file -> first_broken v strict file r ->
  exists l, ln l = true /\ relaxes l = r.
Proof.
  intros V B. destruct (first_broken_is_covered v strict ln) with (file := file) (r := r)
    as (l & M & _ & E); eauto. discriminate.
Qed.

(* ---- A rule that came with a version ---- *)

Lemma whole_bytes_before_1_2 v name bits : age v < age V1_2 -> vocabulary v name = Some bits ->
  bits mod 8 = 0.
Proof.
  intros A. unfold vocabulary. destruct (find _ dtypes) as [row|] eqn:F; [|discriminate].
  intros E. injection E as <-. apply find_some in F as [I F]. apply andb_true_iff in F as [_ F].
  apply N.leb_le in F.
  assert (C : forallb (fun row => (age V1_2 <=? age (snd row)) || (snd (fst row) mod 8 =? 0)) dtypes
    = true) by reflexivity.
  rewrite forallb_forall in C. apply C, orb_true_iff in I as [I|I].
  - apply N.leb_le in I. lia.
  - apply N.eqb_eq, I.
Qed.
Theorem size_2_since_1_2 v ln file : age v < age V1_2 -> ~ broken v ln file SIZE_2.
Proof.
  intros A [[]|(header & data & _ & [[]|(ms & after & _ & [[]|[B|(ps & _ & [])]])])].
  destruct B as (k & x & fs & bits & shape & b & e & _ & _ & [(d & D) _] & _ & M).
  destruct D as (y & _ & _ & V). apply (whole_bytes_before_1_2 v d bits A) in V.
  apply M. apply N.mod_divide in V; [|discriminate]. apply N.mod_divide; [discriminate|].
  apply N.divide_mul_l, V.
Qed.
