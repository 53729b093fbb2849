(* Sizes.v: the rules of stage 4 are decided by the functions of Decide.v, with one lemma for each
   rule, which opens the definition of that rule only, and a theorem for all of them; so are the
   places of the tensors; and a header that keeps the rules of both stages has places and exactly
   one reading. No definition of the format stands here. *)
From Coq Require Import String List NArith Bool Lia.
From Safetensors Require Import Tables Format Decide Number Names Structure.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Usable fields ---- *)

Lemma uintb_iff x n : uintb x = Some n <-> uint x n.
Proof.
  unfold uint. split.
  - destruct x as [| | |l| | |]; try easy. cbn [uintb].
    destruct (integerb l && (decimal l <? word)) eqn:E; [|easy]. intros H. inversion H; subst.
    apply andb_true_iff in E as [I L]. apply integerb_iff in I. apply N.ltb_lt in L.
    now exists l.
  - intros (l & -> & I & -> & L). cbn [uintb]. apply integerb_iff in I. apply N.ltb_lt in L.
    now rewrite I, L.
Qed.

Lemma uintsb_iff xs ns : uintsb xs = Some ns <-> Forall2 uint xs ns.
Proof.
  revert ns. induction xs as [|x xs IH]; intros ns; cbn.
  - split; [intros H; inversion H; constructor|intros H; now inversion H].
  - split.
    + destruct (uintb x) as [n|] eqn:X; [|easy]. destruct (uintsb xs) as [r|]; [|easy].
      intros H. inversion H. constructor; [now apply uintb_iff|now apply IH].
    + intros H. inversion H as [|? n ? r X R]; subst. apply uintb_iff in X. apply IH in R.
      now rewrite X, R.
Qed.

Lemma dtypeb_iff v ln fs d bits : dtypeb v ln fs = Some (d, bits) <-> has_dtype v ln fs d bits.
Proof.
  unfold dtypeb, has_dtype. change (text "dtype") with k_dtype.
  assert (V : forall d, vocabularyb v d = vocabulary v d) by exact (vocabularyb_eq v).
  revert V. generalize vocabulary. intros vocabulary V. split.
  - destruct (once k_dtype fs) as [x|]; [|easy]. destruct (dtype_name ln x) as [d'|] eqn:E; [|easy].
    rewrite V. destruct (vocabulary v d') as [bits'|] eqn:B; [|easy].
    intros H. inversion H; subst. eauto.
  - intros (x & -> & -> & B). now rewrite V, B.
Qed.

Lemma shapeb_iff fs s : shapeb fs = Some s <-> has_shape fs s.
Proof.
  unfold shapeb, has_shape. change (text "shape") with k_shape. setoid_rewrite <- uintsb_iff.
  split.
  - destruct (once k_shape fs) as [[| | | | |xs|]|]; try easy. eauto.
  - now intros (xs & -> & U).
Qed.

Lemma offsetsb_iff fs b e : offsetsb fs = Some (b, e) <-> has_offsets fs b e.
Proof.
  unfold offsetsb, has_offsets. change (text "data_offsets") with k_offsets.
  setoid_rewrite <- uintb_iff. split.
  - destruct (once k_offsets fs) as [[| | | | |[|x [|y [|]]]|]|]; try easy.
    destruct (uintb x) as [b'|] eqn:X; [|easy]. destruct (uintb y) as [e'|] eqn:Y; [|easy].
    intros H. inversion H; subst. eauto.
  - now intros (x & y & -> & -> & ->).
Qed.

Lemma fitsb_iff ln bits shape : fitsb ln bits shape = true <-> fits ln bits shape.
Proof.
  unfold fitsb, fits, is_true. rewrite orb_true_iff, andb_true_iff, N.ltb_lt, existsb_exists.
  setoid_rewrite N.eqb_eq. split; (intros [H|[L H]]; [now left|right; split; [exact L|]]).
  - now destruct H as (n & I & <-).
  - eauto.
Qed.

(* ---- The rules ---- *)

Section Rules.
Variables (v : version) (ln : lenience) (ms : list (bytes * json)).

Notation decided r := (size_brokenb v ln (counted ln ms) r = true <-> size_broken v ln ms r).
Ltac open_rule := unfold size_brokenb, size_of_entry_brokenb, size_broken; cbv beta iota zeta;
  etransitivity; [apply some_member|].

(* What is computed from a bit width and a shape, where an entry has both. *)
Lemma sized_iff fs (p : N -> list N -> bool) :
  match dtypeb v ln fs, shapeb fs with
  | Some (_, bits), Some shape => p bits shape
  | _, _ => false
  end = true
  <-> exists bits shape, ((exists d, has_dtype v ln fs d bits) /\ has_shape fs shape)
      /\ p bits shape = true.
Proof.
  setoid_rewrite <- dtypeb_iff. setoid_rewrite <- shapeb_iff. split.
  - destruct (dtypeb v ln fs) as [[d bits]|]; [|easy]. destruct (shapeb fs) as [s|]; [|easy].
    eauto 7.
  - now intros (bits & s & ((d & ->) & ->) & P).
Qed.

(* What is computed from offsets, where an entry has them. *)
Lemma offsets_iff fs (p : N * N -> bool) :
  someb p (offsetsb fs) = true <-> exists b e, has_offsets fs b e /\ p (b, e) = true.
Proof.
  rewrite someb_iff. setoid_rewrite <- offsetsb_iff. split.
  - intros ([b e] & H). eauto.
  - intros (b & e & H). eauto.
Qed.

Lemma OFF_3_decided : decided OFF_3.
Proof.
  open_rule. setoid_rewrite offsets_iff. setoid_rewrite N.ltb_lt. split.
  - intros (k & x & fs & I & F & b & e & H). exists k, x, fs, 0, [], b, e. auto.
  - intros (k & x & fs & _ & _ & b & e & I & F & H). exists k, x, fs. eauto.
Qed.

Lemma SIZE_1_decided : decided SIZE_1.
Proof.
  open_rule. setoid_rewrite sized_iff. setoid_rewrite negb_true_iff.
  setoid_rewrite <- not_true_iff_false. setoid_rewrite fitsb_iff. split.
  - intros (k & x & fs & I & F & bits & s & H). exists k, x, fs, bits, s, 0, 0. auto.
  - intros (k & x & fs & bits & s & _ & _ & I & F & H). exists k, x, fs. eauto.
Qed.

Lemma SIZE_2_decided : decided SIZE_2.
Proof.
  open_rule. setoid_rewrite sized_iff. setoid_rewrite andb_true_iff.
  setoid_rewrite negb_true_iff. setoid_rewrite N.eqb_neq. setoid_rewrite fitsb_iff. split.
  - intros (k & x & fs & I & F & bits & s & H). exists k, x, fs, bits, s, 0, 0. auto.
  - intros (k & x & fs & bits & s & _ & _ & I & F & H). exists k, x, fs. eauto.
Qed.

Lemma SIZE_3_decided : decided SIZE_3.
Proof.
  open_rule. setoid_rewrite sized_iff. setoid_rewrite andb_true_iff.
  setoid_rewrite andb_true_iff. setoid_rewrite offsets_iff. setoid_rewrite andb_true_iff.
  setoid_rewrite negb_true_iff. setoid_rewrite N.eqb_neq. setoid_rewrite N.eqb_eq.
  setoid_rewrite N.leb_le. setoid_rewrite fitsb_iff. split.
  - intros (k & x & fs & I & F & bits & s & D & (T & M) & b & e & O & L & H).
    exists k, x, fs, bits, s, b, e. auto 12.
  - intros (k & x & fs & bits & s & b & e & I & F & D & T & M & O & L & H). exists k, x, fs.
    repeat split; [exact I|exact F|]. exists bits, s. eauto 12.
Qed.

(* No entry breaks a rule of another stage here. *)
Lemma other_size_decided :
  existsb (fun m => someb (fun _ => false) (fields ln (snd m))) (counted ln ms) = true
  <-> exists k x fs (bits : N) (shape : list N) (b e : N),
      In (k, x) (counted ln ms) /\ fields ln x = Some fs /\ False.
Proof.
  rewrite some_member. split; [now intros (k & x & fs & _ & _ & H)|].
  now intros (k & x & fs & _ & _ & _ & _ & _ & _ & H).
Qed.

Theorem size_brokenb_iff r : decided r.
Proof.
  destruct r; first [ exact other_size_decided | exact OFF_3_decided | exact SIZE_1_decided
    | exact SIZE_2_decided | exact SIZE_3_decided ].
Qed.
End Rules.

(* ---- The places of the tensors ---- *)

Lemma keys_of {A B} (f : B -> bytes) (R : bytes * A -> B -> Prop) l r :
  (forall m p, R m p -> f p = fst m) -> Forall2 R l r -> map f r = keys l.
Proof. intros N F. induction F as [|m p l r H _ IH]; cbn; [easy|]. now rewrite IH, (N _ _ H). Qed.

Definition has_place (ln : lenience) (m : bytes * json) (p : place) : Prop :=
  p_name p = fst m /\ p_begin p <= p_end p /\ exists fs,
    fields ln (snd m) = Some fs /\ has_offsets fs (p_begin p) (p_end p).

Lemma placesb_iff ln l ps : placesb ln l = Some ps <-> Forall2 (has_place ln) l ps.
Proof.
  revert ps. induction l as [|[k x] l IH]; intros ps; cbn.
  - split; [intros H; inversion H; constructor|intros H; now inversion H].
  - split.
    + destruct (fields ln x) as [fs|] eqn:F; [|easy].
      destruct (offsetsb fs) as [[b e]|] eqn:O; [|easy]. destruct (placesb ln l) as [r|]; [|easy].
      destruct (N.leb_spec b e) as [L|L]; [|easy]. intros H. inversion H.
      constructor; [|now apply IH]. apply offsetsb_iff in O.
      repeat split; [exact L|]. now exists fs.
    + intros H. inversion H as [|? [k' b e] ? r P R]; subst. cbn in P.
      destruct P as (E & L & fs & F & O). cbn in *. subst k'. apply offsetsb_iff in O.
      apply IH in R. apply N.leb_le in L. now rewrite F, O, R, L.
Qed.

Theorem placedb_iff ln ms ps : placedb ln (counted ln ms) = Some ps <-> placed ln ms ps.
Proof.
  unfold placedb, placed.
  assert (K : Forall2 (has_place ln) (counted ln ms) ps -> map p_name ps = keys (counted ln ms)).
  { apply keys_of. now intros m p (E & _). }
  split.
  - destruct (nodupb (keys (counted ln ms))) eqn:U; [|easy]. rewrite placesb_iff. intros F.
    split; [|exact F]. rewrite (K F). now apply nodupb_iff.
  - intros (U & F). rewrite (K F) in U. apply nodupb_iff in U. rewrite U. now apply placesb_iff.
Qed.

(* ---- A header that keeps the rules ---- *)

Lemma each {A B} (R : A -> B -> Prop) l :
  (forall a, In a l -> exists b, R a b) -> exists r, Forall2 R l r.
Proof.
  induction l as [|a l IH]; intros H; [now exists []|].
  destruct (H a) as [b B']; [now left|]. destruct IH as [r F]; [intros; apply H; now right|].
  exists (b :: r). now constructor.
Qed.

Section Kept.
Variables (v : version) (ln : lenience) (ms : list (bytes * json)).
Hypothesis structure_kept : forall r, ~ structure_broken v ln ms r.

Lemma fields_once fs k : entry ln ms fs -> In k field_names ->
  exists x, once k fs = Some x /\ first k fs = Some x.
Proof.
  intros E K. unfold once, first. rewrite find_filter.
  destruct (filter (named k) fs) as [|[k' x] [|]] eqn:F; [| |]; cbn.
  - destruct (structure_kept ENT_2). exists fs, k. repeat split; [exact E|exact K|].
    rewrite <- named_in, existsb_exists. intros (m & M). apply filter_In in M. now rewrite F in M.
  - now exists x.
  - destruct (structure_kept ENT_3). exists fs, k. repeat split; [exact E|exact K|].
    rewrite F. unfold size. cbn [length]. lia.
Qed.

Lemma element_uint x : element ln ms x -> exists n, uint x n.
Proof.
  intros E. destruct (spelled x) as [l|] eqn:S;
    [apply number_iff in S as ->|].
  2: { rewrite not_number in S. destruct (structure_kept INT_1). now exists x. }
  destruct (integerb l) eqn:I.
  - apply integerb_iff in I. exists (decimal l), l. repeat split; [exact I|].
    destruct (N.lt_ge_cases (decimal l) word) as [L|L]; [exact L|].
    destruct (structure_kept INT_3). now exists l.
  - destruct (structure_kept INT_2). exists l. split; [exact E|].
    rewrite <- integerb_iff. now rewrite I.
Qed.

Lemma dtype_kept fs : entry ln ms fs -> exists d bits, has_dtype v ln fs d bits.
Proof.
  intros E. destruct (fields_once fs (text "dtype") E) as (x & O & F); [now left|].
  assert (X : field ln ms (text "dtype") x) by now exists fs.
  destruct (dtype_name ln x) as [d|] eqn:D; [|destruct (structure_kept DT_1); now exists x].
  destruct (vocabulary v d) as [bits|] eqn:B; [|destruct (structure_kept DT_2); now exists x, d].
  now exists d, bits, x.
Qed.

Lemma shape_kept fs : entry ln ms fs -> exists s, has_shape fs s.
Proof.
  intros E. destruct (fields_once fs (text "shape") E) as (x & O & F); [now right; left|].
  assert (X : field ln ms (text "shape") x) by now exists fs.
  destruct (array x) as [xs|] eqn:A;
    [apply array_iff in A as ->|].
  2: { rewrite not_array in A. destruct (structure_kept SHP_1). now exists x. }
  destruct (each uint xs) as [s S].
  - intros x I. apply element_uint. exists (text "shape"), xs. split; [now left|now split].
  - now exists s, xs.
Qed.

Lemma offsets_kept fs : entry ln ms fs -> exists b e, has_offsets fs b e.
Proof.
  intros E. destruct (fields_once fs (text "data_offsets") E) as (x & O & F);
    [now right; right; left|].
  assert (X : field ln ms (text "data_offsets") x) by now exists fs.
  destruct (array x) as [xs|] eqn:A;
    [apply array_iff in A as ->|].
  2: { rewrite not_array in A. destruct (structure_kept OFF_1). now exists x. }
  assert (U : forall x, In x xs -> exists n, uint x n).
  { intros x I. apply element_uint. exists (text "data_offsets"), xs. split; [|now split].
    now right; left. }
  destruct xs as [|x [|y [|]]];
    try (destruct (structure_kept OFF_2); eexists; split; [exact X|unfold size; cbn [length]; lia]).
  destruct (U x) as [b B]; [now left|]. destruct (U y) as [e E']; [now right; left|].
  now exists b, e, x, y.
Qed.

Lemma counted_in m : In m (counted ln ms) -> In m (entries ms).
Proof. unfold counted. destruct (ln duplicate_last_wins); [apply last_of_each_in|easy]. Qed.

Lemma counted_fields m : In m (counted ln ms) ->
  exists fs, fields ln (snd m) = Some fs /\ entry ln ms fs.
Proof.
  intros I. apply counted_in in I. destruct m as [k x]. cbn.
  destruct (fields ln x) as [fs|] eqn:F; [|destruct (structure_kept ENT_1); now exists k, x].
  exists fs. split; [easy|]. now exists k, x.
Qed.

Lemma counted_nodup : NoDup (keys (counted ln ms)).
Proof.
  unfold counted. destruct (ln duplicate_last_wins) eqn:L; [apply last_of_each_keys|].
  apply nodupb_iff. destruct (nodupb (keys (entries ms))) eqn:U; [easy|].
  destruct (structure_kept NAME_1). split; [now rewrite L|]. rewrite <- nodupb_iff. now rewrite U.
Qed.

Theorem placed_exists : (forall r, ~ size_broken v ln ms r) -> exists ps, placed ln ms ps.
Proof.
  intros size_kept. destruct (each (has_place ln) (counted ln ms)) as [ps F].
  - intros [k x] I. destruct (counted_fields (k, x) I) as (fs & E & F).
    destruct (offsets_kept fs F) as (b & e & O). exists (Place k b e).
    split; [easy|]. split; [|now exists fs]. cbn.
    destruct (N.lt_ge_cases e b) as [L|L]; [|exact L].
    destruct (size_kept OFF_3). now exists k, x, fs, 0, [], b, e.
  - exists ps. split; [|exact F]. rewrite (keys_of _ _ _ _ (fun m p H => proj1 H) F).
    exact counted_nodup.
Qed.

End Kept.

(* ---- The reading ---- *)

Definition has_tensor v (ln : lenience) (m : bytes * json) (t : tensor) : Prop :=
  t_name t = fst m /\ exists fs bits, fields ln (snd m) = Some fs
  /\ has_dtype v ln fs (t_dtype t) bits /\ has_shape fs (t_shape t)
  /\ has_offsets fs (t_begin t) (t_end t).
Definition string_member (p : bytes * bytes) : bytes * json := (fst p, JString (snd p)).
Definition strings_of (m : bytes * json) : list (bytes * bytes) :=
  match snd m with JString s => [(fst m, s)] | _ => [] end.

Lemma tensors_iff v ln l ts :
  Forall2 (has_tensor v ln) l ts -> flat_map (tensor_of v ln) l = ts.
Proof.
  intros F. induction F as [|m [k d s b e] l ts H _ IH]; [easy|]. cbn [flat_map]. rewrite IH.
  destruct H as (E & fs & bits & F & D & S & O). cbn in *. subst k. unfold tensor_of.
  apply dtypeb_iff in D. apply shapeb_iff in S. apply offsetsb_iff in O.
  now rewrite F, D, S, O.
Qed.

Lemma strings_of_strings ps : flat_map strings_of (map string_member ps) = ps.
Proof. induction ps as [|[k s] ps IH]; cbn; [easy|]. now rewrite IH. Qed.

Lemma all_strings (l : list (bytes * json)) :
  (forall k x, In (k, x) l -> exists s, x = JString s) ->
  l = map string_member (flat_map strings_of l).
Proof.
  induction l as [|[k x] l IH]; intros H; [easy|].
  destruct (H k x) as [s ->]; [now left|]. cbn. unfold string_member at 1. cbn.
  rewrite <- IH; [easy|]. intros k' x I. apply (H k' x). now right.
Qed.

Lemma last_if_needed {A} (c : bool) (l : list (bytes * A)) :
  (if c && negb (nodupb (keys l)) then last_of_each l else l) = if c then last_of_each l else l.
Proof.
  destruct c; [|easy]. destruct (nodupb (keys l)) eqn:U; [|easy].
  symmetry. now apply last_of_each_nodup, nodupb_iff.
Qed.

Lemma metadata_of_strings ln k ps rest :
  metadata_of_members ln ((k, JObject (map string_member ps)) :: rest)
  = if ln duplicate_metadata_last_wins then last_of_each ps else ps.
Proof.
  unfold metadata_of_members. rewrite last_if_needed.
  change (flat_map _ _) with (flat_map strings_of (map string_member ps)).
  now rewrite strings_of_strings.
Qed.

Theorem reads_only v ln ms R : reads v ln ms R ->
  R = Reading (metadata_of_members ln (filter is_metab ms))
        (flat_map (tensor_of v ln) (counted ln ms)).
Proof.
  destruct R as [md ts]. intros ((ps & M & P) & T). cbn in M, T. subst md.
  rewrite (tensors_iff _ _ _ _ T). f_equal.
  change (filter is_metab ms) with (filter is_meta ms).
  destruct (filter is_meta ms) as [|[k m] rest]; [subst; now destruct (ln _)|].
  destruct m; try (subst; now destruct (ln _)). rewrite P. symmetry. apply metadata_of_strings.
Qed.

Theorem reads_unique v ln ms R R' : reads v ln ms R -> reads v ln ms R' -> R = R'.
Proof. intros H H'. apply reads_only in H, H'. now rewrite H, H'. Qed.

Theorem reads_complete v ln ms :
  (forall r, ~ structure_broken v ln ms r) -> (forall r, ~ size_broken v ln ms r) ->
  reads v ln ms (Reading (metadata_of_members ln (filter is_metab ms))
                         (flat_map (tensor_of v ln) (counted ln ms))).
Proof.
  intros K _. split.
  - change (filter is_metab ms) with (filter is_meta ms). cbn [r_metadata].
    destruct (filter is_meta ms) as [|[k m] rest] eqn:M; [exists []; now destruct (ln _)|].
    destruct m as [| | | | | |l]; try (exists []; now destruct (ln _)).
    exists (flat_map strings_of l).
    assert (S : l = map string_member (flat_map strings_of l)).
    { apply all_strings. intros k' x I. destruct (string x) as [s|] eqn:S.
      - exists s. destruct x; inversion S; now subst.
      - destruct (K META_3). exists l, k', x. rewrite <- not_string, M. eauto. }
    split; [|exact S]. rewrite S at 1. apply metadata_of_strings.
  - cbn [r_tensors]. destruct (each (has_tensor v ln) (counted ln ms)) as [ts T].
    + intros m I. destruct (counted_fields v ln ms K m I) as (fs & F & E).
      destruct (dtype_kept v ln ms K fs E) as (d & bits & D).
      destruct (shape_kept v ln ms K fs E) as (s & S).
      destruct (offsets_kept v ln ms K fs E) as (b & e & O).
      exists (Tensor (fst m) d s b e). split; [easy|]. now exists fs, bits.
    + now rewrite (tensors_iff _ _ _ _ T).
Qed.
