(* Canonical.v: the theorems about the canonical writer of Format.v. What it writes is valid and
   means what was written; equal models have equal bytes, and different ones have not; what was read
   from a canonical file is written as the same file. Sorting, spelling and the members that are
   written stand in Sorting.v, Spelling.v and Written.v, and alignment in Aligned.v. No definition
   of the format stands here. *)
From Coq Require Import List NArith Bool String Ascii Permutation Sorted Lia.
From Safetensors Require Import Tables Format Names Grammar Sorting Spelling Written.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Lemma size_app {A} (l r : list A) : size (l ++ r) = size l + size r.
Proof. unfold size. rewrite app_length. lia. Qed.

Lemma app_split {A} (a b c d : list A) : List.length a = List.length c ->
  a ++ b = c ++ d -> a = c /\ b = d.
Proof.
  revert c. induction a as [|x a IH]; intros [|y c] L E; try discriminate; [auto|].
  injection L as L. injection E as -> E. destruct (IH c L E) as [-> ->]. auto.
Qed.

(* ---- What a canonical file means ---- *)

Definition items (m : model) : list item := sort item_order (m_items m).
(* One behind the other, from [begin] on. *)
Fixpoint tensors_from (begin : N) (l : list item) : list tensor :=
  match l with
  | [] => []
  | t :: r => let e := begin + size (i_bytes t) in
              Tensor (i_name t) (i_dtype t) (i_shape t) begin e :: tensors_from e r
  end.
Definition reading_of (m : model) : reading :=
  Reading (sort key_order (m_metadata m)) (tensors_from 0 (items m)).
Definition data_of (m : model) : bytes := flat_map i_bytes (items m).

Definition writable_item (t : item) : Prop :=
  utf8 (i_name t) /\ i_name t <> text "__metadata__"
  /\ Forall (fun d => d < word) (i_shape t) /\ exists bits, vocabulary latest (i_dtype t) = Some bits
  /\ fits strict bits (i_shape t) /\ bits * product (i_shape t) = 8 * size (i_bytes t).

(* ---- The table of dtypes ---- *)

Lemma vocabulary_row d bits : vocabulary latest d = Some bits ->
  exists row, In row dtypes /\ text (fst (fst row)) = d /\ snd (fst row) = bits.
Proof.
  unfold vocabulary. destruct (find _ dtypes) as [row|] eqn:F; [|discriminate].
  intros E. injection E as <-. apply find_some in F as [I F]. apply andb_true_iff in F as [F _].
  apply same_iff in F. exists row; auto.
Qed.

Lemma dtypes_are_ascii d bits : vocabulary latest d = Some bits -> utf8 d.
Proof.
  intros V. apply vocabulary_row in V as [row [I [<- _]]]. apply ascii_utf8, ascii_by_computation.
  revert row I. apply forallb_forall. reflexivity.
Qed.

(* ---- The reading is sound ---- *)

Lemma tensors_from_consecutive l : forall begin,
  consecutive begin (map place_of (tensors_from begin l)) (begin + size (flat_map i_bytes l)).
Proof.
  induction l as [|t l IH]; intros begin; cbn [tensors_from flat_map map consecutive].
  - symmetry. apply N.add_0_r.
  - cbn [place_of p_begin p_end t_name t_begin t_end]. split; [reflexivity|]. split; [lia|].
    rewrite size_app, N.add_assoc. apply IH.
Qed.

Lemma tensors_from_names begin l : map t_name (tensors_from begin l) = map i_name l.
Proof. revert begin. induction l; intros; cbn; f_equal; auto. Qed.

Lemma tensors_from_sound l : forall begin, Forall writable_item l ->
  begin + size (flat_map i_bytes l) < word -> Forall sound_tensor (tensors_from begin l).
Proof.
  induction l as [|t l IH]; intros begin W L; [constructor|].
  inversion W as [|? ? [U [D [S [bits [V [F E]]]]]] W']; subst.
  cbn [flat_map] in L. rewrite size_app in L. cbn [tensors_from]. constructor.
  - unfold sound_tensor. cbn [t_name t_dtype t_shape t_begin t_end].
    split; [exact D|]. split; [exact S|]. split; [lia|]. split; [lia|].
    exists bits. split; [exact V|]. split; [exact F|].
    rewrite E, (N.add_comm begin), N.add_sub. reflexivity.
  - apply IH; [exact W'|lia].
Qed.

(* ---- The members are spelled ---- *)

Lemma pairs_are_spelled ps : Forall (fun p => utf8 (fst p) /\ utf8 (snd p)) ps ->
  Forall2 spells_member (map (fun p => (fst p, quoted (snd p))) ps) (map pair_member ps).
Proof.
  induction 1 as [|p ps [K V] _ IH]; constructor; [|exact IH].
  split; [reflexivity|]. split; [exact K|]. apply spells_string, V.
Qed.

Lemma entry_is_spelled t begin : writable_item t -> begin + size (i_bytes t) < word ->
  let e := begin + size (i_bytes t) in
  spells_member (i_name t, object_of (combine field_names
    [quoted (i_dtype t); array_of (i_shape t); array_of [begin; e]]))
    (entry (Tensor (i_name t) (i_dtype t) (i_shape t) begin e)).
Proof.
  intros [U [_ [S [bits [V _]]]]] L e. split; [reflexivity|]. split; [exact U|].
  assert (A : forall k, In k field_names -> utf8 k).
  { intros k K. apply ascii_utf8, ascii_by_computation. revert k K.
    apply forallb_forall. reflexivity. }
  apply spells_object. constructor; [|constructor; [|constructor; [|constructor]]];
    (split; [reflexivity|]; split; [apply A; cbn; auto|]).
  - apply spells_string, (dtypes_are_ascii _ _ V).
  - apply spells_array, S.
  - apply spells_array. repeat constructor; subst e; lia.
Qed.

Lemma entries_are_spelled l : forall begin, Forall writable_item l ->
  begin + size (flat_map i_bytes l) < word ->
  Forall2 spells_member (entries_of begin l) (map entry (tensors_from begin l)).
Proof.
  induction l as [|t l IH]; intros begin W L; [constructor|].
  inversion W as [|? ? T W']; subst. cbn [flat_map] in L. rewrite size_app in L.
  cbn [entries_of tensors_from map]. constructor; [|apply IH; [exact W'|lia]].
  apply entry_is_spelled; [exact T|lia].
Qed.

Section Writable.
  Variable m : model.
  Hypothesis m_writable : writable m.

  Lemma keys_differ : NoDup (keys (m_metadata m)).
  Proof. apply m_writable. Qed.

  Lemma names_differ : NoDup (map i_name (m_items m)).
  Proof. apply m_writable. Qed.

  Lemma header_is_small : size (header_of m) <= max_header.
  Proof. apply m_writable. Qed.

  Lemma items_are_writable : Forall writable_item (items m).
  Proof.
    destruct m_writable as [_ [_ [_ [_ [_ W]]]]]. unfold items. rewrite Forall_forall in *.
    intros t T. apply W. exact (Permutation_in _ (sort_permutes item_order _) T).
  Qed.

  Lemma data_is_small : size (data_of m) < word.
  Proof.
    destruct m_writable as [_ [_ [_ [_ [L _]]]]]. unfold data_of, size, items.
    pose proof (sort_permutes item_order (m_items m)) as P.
    rewrite (Permutation_length (Permutation_flat_map i_bytes P)).
    exact L.
  Qed.

  Lemma reading_is_sound : sound (reading_of m) (size (data_of m)).
  Proof.
    split; [|split; [|split]]; cbn [reading_of r_metadata r_tensors].
    - refine (Permutation_NoDup _ keys_differ). unfold keys.
      apply Permutation_map, Permutation_sym, sort_permutes.
    - rewrite tensors_from_names. refine (Permutation_NoDup _ names_differ).
      apply Permutation_map, Permutation_sym, sort_permutes.
    - apply tensors_from_sound; [exact items_are_writable|exact data_is_small].
    - apply tensors_from_consecutive.
  Qed.

  (* ---- The header text ---- *)

  Lemma metadata_is_spelled :
    Forall2 spells_member (metadata_of (m_metadata m))
      (metadata_member (r_metadata (reading_of m))).
  Proof.
    cbn [reading_of r_metadata]. destruct m_writable as [_ [U _]].
    pose proof (sort_permutes key_order (m_metadata m)) as P.
    assert (E : metadata_member (sort key_order (m_metadata m)) =
      match m_metadata m with [] => [] | _ =>
      [(text "__metadata__", JObject (map pair_member (sort key_order (m_metadata m))))] end).
    { destruct (m_metadata m) as [|p ps]; [reflexivity|].
      destruct (sort key_order (p :: ps)); [|reflexivity].
      apply Permutation_nil in P. discriminate. }
    rewrite E. unfold metadata_of. destruct (m_metadata m) as [|p ps]; constructor; [|constructor].
    split; [reflexivity|]. split; [apply ascii_utf8, ascii_by_computation; reflexivity|].
    apply spells_object.
    apply pairs_are_spelled. rewrite Forall_forall in *. intros q Q. apply U.
    exact (Permutation_in _ P Q).
  Qed.

  Definition object : bytes := object_of (metadata_of (m_metadata m) ++ entries_of 0 (items m)).
  Definition padding : bytes := repeat 32 (N.to_nat ((8 - size object mod 8) mod 8)).

  Lemma members_are_spelled :
    Forall2 spells_member (metadata_of (m_metadata m) ++ entries_of 0 (items m))
      (written (reading_of m)).
  Proof.
    apply Forall2_app; [exact metadata_is_spelled|].
    apply entries_are_spelled; [exact items_are_writable|exact data_is_small].
  Qed.

  Lemma header_is_object : header_of m = object ++ padding.
  Proof. reflexivity. Qed.

  Lemma header_starts : exists r, header_of m = 123 :: r.
  Proof. eexists. reflexivity. Qed.

  Lemma header_utf8 : utf8 (header_of m).
  Proof.
    rewrite header_is_object. apply utf8_app; [exact (object_utf8 _ _ members_are_spelled)|].
    apply ascii_utf8. unfold padding. apply Forall_forall. intros b B. apply repeat_spec in B. lia.
  Qed.

  Lemma header_is_read :
    value (skip (header_of m)) (Got (JObject (written (reading_of m))) padding).
  Proof.
    assert (E : skip (header_of m) = header_of m)
      by (destruct header_starts as [r ->]; reflexivity).
    rewrite E. apply object_is_read, members_are_spelled.
  Qed.

  Lemma header_is_parsed ms after :
    parsed (header_of m) ms after <-> ms = written (reading_of m) /\ after = padding.
  Proof.
    split.
    - intros [_ V]. pose proof (value_unique _ _ _ V header_is_read) as E.
      injection E as -> ->. auto.
    - intros [-> ->]. split; [|exact header_is_read]. split; [exact header_utf8|].
      destruct header_starts as [r E]. exists 123, r. auto.
  Qed.

  Lemma text_kept r : ~ text_broken strict (header_of m) r.
  Proof.
    assert (F : forall k, ~ value (skip (header_of m)) (Fault k)).
    { intros k V. discriminate (value_unique _ _ _ V header_is_read). }
    destruct header_starts as [t E].
    destruct r; cbn [text_broken]; try solve [intros []]; try (intros [_ [_ V]]; exact (F _ V)).
    - intros H. apply H. rewrite E. exists 123, t. auto.
    - intros H. exact (H header_utf8).
    - intros [_ V]. apply (F JSON_1), V. rewrite E. intros H. apply H. exists 123, t. cbn. auto.
    - intros [ms [after [b [P [B H]]]]]. apply header_is_parsed in P as [_ ->].
      apply repeat_spec in B. auto.
  Qed.

  (* ---- The file ---- *)

  Lemma little_of_bytes k n : n < 256 ^ N.of_nat k -> little (little_bytes k n) = n.
  Proof.
    revert n. induction k as [|k IH]; intros n L; cbn [little_bytes].
    - cbn in L |- *. lia.
    - change (little (n mod 256 :: ?l)) with (n mod 256 + 256 * little l). rewrite IH.
      + rewrite N.add_comm. symmetry. apply N.div_mod. discriminate.
      + apply N.div_lt_upper_bound; [lia|].
        rewrite <- N.pow_succ_r', <- Nnat.Nat2N.inj_succ. exact L.
  Qed.

  Lemma little_of_header : little (little_bytes 8 (size (header_of m))) = size (header_of m).
  Proof.
    apply little_of_bytes. apply (N.le_lt_trans _ max_header); [exact header_is_small|reflexivity].
  Qed.

  Lemma file_is_prefixed n rest : prefixed (canonical m) n rest <->
    n = size (header_of m) /\ rest = header_of m ++ data_of m.
  Proof.
    unfold canonical. fold (items m) (data_of m). split.
    - intros [eight [E [L ->]]]. apply app_split in E as [<- <-]; [|rewrite L; reflexivity].
      split; [exact little_of_header|reflexivity].
    - intros [-> ->]. exists (little_bytes 8 (size (header_of m))).
      split; [reflexivity|]. split; [reflexivity|]. symmetry. exact little_of_header.
  Qed.

  Lemma file_is_framed header data : framed (canonical m) header data <->
    header = header_of m /\ data = data_of m.
  Proof.
    unfold framed. rewrite file_is_prefixed. split.
    - intros [[L E] _]. apply app_split in E; [exact E|]. unfold size in L. lia.
    - intros [-> ->]. split; [auto|exact header_is_small].
  Qed.

  Lemma framing_kept r : ~ framing_broken (canonical m) r.
  Proof.
    destruct r; cbn [framing_broken]; try solve [intros []].
    - unfold canonical. rewrite size_app. change (size (little_bytes 8 _)) with 8. lia.
    - intros [n [rest [P L]]]. apply file_is_prefixed in P as [-> _].
      pose proof header_is_small. lia.
    - intros [n [rest [P [_ L]]]]. apply file_is_prefixed in P as [-> ->].
      rewrite size_app in L. lia.
  Qed.

  Theorem canonical_is_valid : valid latest strict (canonical m).
  Proof.
    intros r [B|[header [data [F [B|[ms [after [P [B|[B|[ps [L B]]]]]]]]]]]].
    - exact (framing_kept r B).
    - apply file_is_framed in F as [-> _]. exact (text_kept r B).
    - apply file_is_framed in F as [-> _]. apply header_is_parsed in P as [-> _].
      exact (structure_kept _ _ reading_is_sound r B).
    - apply file_is_framed in F as [-> _]. apply header_is_parsed in P as [-> _].
      exact (sizes_kept _ _ reading_is_sound r B).
    - apply file_is_framed in F as [-> ->]. apply header_is_parsed in P as [-> _].
      exact (layout_kept _ _ reading_is_sound ps r L B).
  Qed.

  Theorem canonical_is_read : means latest strict (canonical m) (reading_of m).
  Proof.
    split; [exact canonical_is_valid|].
    exists (header_of m), (data_of m), (written (reading_of m)), padding.
    split; [apply file_is_framed; auto|]. split; [apply header_is_parsed; auto|].
    exact (written_is_read _ _ reading_is_sound).
  Qed.

  (* ---- The bytes of the tensors ---- *)

  Lemma slices_of_items before_them l begin : begin = size before_them ->
    map (fun t => firstn (N.to_nat (t_end t - t_begin t))
      (skipn (N.to_nat (t_begin t)) (before_them ++ flat_map i_bytes l))) (tensors_from begin l)
    = map i_bytes l.
  Proof.
    revert before_them begin. induction l as [|t l IH]; intros pre begin ->; [reflexivity|].
    cbn [tensors_from map flat_map t_begin t_end]. f_equal.
    - replace (size pre + size (i_bytes t) - size pre) with (size (i_bytes t)) by lia.
      unfold size. rewrite !Nnat.Nat2N.id.
      rewrite skipn_app, skipn_all, PeanoNat.Nat.sub_diag. cbn [app skipn].
      rewrite firstn_app, firstn_all, PeanoNat.Nat.sub_diag, firstn_O. apply app_nil_r.
    - rewrite app_assoc. apply IH. symmetry. apply size_app.
  Qed.

  Theorem canonical_bytes :
    map (tensor_bytes (canonical m)) (r_tensors (reading_of m))
    = map i_bytes (sort item_order (m_items m)).
  Proof.
    fold (items m). rewrite <- (slices_of_items [] (items m) 0 eq_refl). apply map_ext. intros t.
    unfold tensor_bytes. f_equal. f_equal. unfold canonical. fold (items m) (data_of m).
    change (firstn 8 (little_bytes 8 ?n ++ ?l)) with (little_bytes 8 n). rewrite little_of_header.
    rewrite app_assoc, skipn_app.
    assert (E : N.to_nat (8 + size (header_of m)) =
      List.length (little_bytes 8 (size (header_of m)) ++ header_of m)).
    { rewrite app_length. change (List.length (little_bytes 8 _)) with 8%nat. unfold size. lia. }
    rewrite E, skipn_all, PeanoNat.Nat.sub_diag. reflexivity.
  Qed.
End Writable.

(* ---- Normal form ---- *)

Theorem equal_models_equal_bytes m m' :
  NoDup (keys (m_metadata m)) -> NoDup (map i_name (m_items m)) ->
  Permutation (m_metadata m) (m_metadata m') -> Permutation (m_items m) (m_items m') ->
  canonical m = canonical m'.
Proof.
  intros K I P Q. assert (M : metadata_of (m_metadata m) = metadata_of (m_metadata m')).
  { unfold metadata_of. rewrite <- (metadata_sorts_alike _ _ K P).
    destruct (m_metadata m), (m_metadata m'); try reflexivity; exfalso.
    - apply Permutation_nil in P. discriminate.
    - apply Permutation_sym, Permutation_nil in P. discriminate. }
  unfold canonical, header_of. rewrite <- M, <- (items_sort_alike _ _ I Q). reflexivity.
Qed.

(* What a program holds that has read a file. *)
Definition model_read (file : bytes) (R : reading) : model :=
  Model (r_metadata R) (map (fun t =>
    Item (t_name t) (t_dtype t) (t_shape t) (tensor_bytes file t)) (r_tensors R)).

Lemma items_of_tensors f l : forall begin, map f (tensors_from begin l) = map i_bytes l ->
  map (fun t => Item (t_name t) (t_dtype t) (t_shape t) (f t)) (tensors_from begin l) = l.
Proof.
  induction l as [|t l IH]; intros begin E; [reflexivity|].
  cbn [tensors_from map t_name t_dtype t_shape] in *. injection E as E E'.
  rewrite E, IH by exact E'. destruct t; reflexivity.
Qed.

Lemma canonical_read_back m : writable m ->
  model_read (canonical m) (reading_of m) = Model (sort key_order (m_metadata m)) (items m).
Proof.
  intros W. unfold model_read. f_equal. apply items_of_tensors. exact (canonical_bytes m W).
Qed.

Theorem rewritten_alike m : writable m ->
  canonical (model_read (canonical m) (reading_of m)) = canonical m.
Proof.
  intros W. rewrite (canonical_read_back m W). symmetry.
  apply equal_models_equal_bytes; [apply W|apply W|..]; apply Permutation_sym, sort_permutes.
Qed.

Theorem equal_bytes_equal_models m m' : writable m -> writable m' -> canonical m = canonical m' ->
  Permutation (m_metadata m) (m_metadata m') /\ Permutation (m_items m) (m_items m').
Proof.
  intros W W' E. assert (R : reading_of m = reading_of m').
  { assert (H : header_of m = header_of m' /\ data_of m = data_of m').
    { apply (file_is_framed m' W'). rewrite <- E. apply (file_is_framed m W). auto. }
    destruct H as [H _]. assert (P : written (reading_of m) = written (reading_of m') /\
      padding m = padding m').
    { apply (header_is_parsed m' W'). rewrite <- H. apply (header_is_parsed m W). auto. }
    apply (written_is_read_once _ _ (reading_is_sound m' W')). rewrite <- (proj1 P).
    apply (written_is_read _ _ (reading_is_sound m W)). }
  pose proof (canonical_read_back m W) as M. rewrite E, R, (canonical_read_back m' W') in M.
  injection M as M I. unfold items in I. split.
  - rewrite <- (sort_permutes key_order), <- M. apply sort_permutes.
  - rewrite <- (sort_permutes item_order), <- I. apply sort_permutes.
Qed.
