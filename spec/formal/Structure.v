(* Structure.v: the rules of stage 3 are decided by the functions of Decide.v, with one lemma for
   each rule, which opens the definition of that rule only, and a theorem for all of them. No rule
   of another stage stands here, and no definition of the format. *)
From Coq Require Import List NArith Bool Lia.
From Safetensors Require Import Tables Format Decide Number Names.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- The lists of Format.v that Decide.v computes in another way ---- *)

Lemma vocabularyb_eq v d : vocabularyb v d = vocabulary v d.
Proof.
  unfold vocabularyb, vocabulary.
  change dtype_rows with
    (map (fun row => (text (fst (fst row)), (snd (fst row), age (snd row)))) dtypes).
  induction dtypes as [|row rows IH]; [reflexivity|].
  cbn [map find fst snd]. now destruct (same _ d && _).
Qed.

Lemma countedb_eq ln ms : countedb ln (filter (fun m => negb (is_metab m)) ms) = counted ln ms.
Proof.
  change (filter (fun m => negb (is_metab m)) ms) with (entries ms). unfold countedb, counted.
  destruct (ln duplicate_last_wins); [|reflexivity].
  destruct (nodupb (keys (entries ms))) eqn:E; [|reflexivity].
  symmetry. now apply last_of_each_nodup, nodupb_iff.
Qed.

Lemma more_than_one_iff {A} (l : list A) : more_than_one l = true <-> 1 < size l.
Proof.
  unfold size. destruct l as [|a [|b l]]; cbn [more_than_one length]; split; lia || easy.
Qed.

(* ---- The kinds of a value ---- *)

Ltac by_kind x := destruct x; cbn; split; congruence || (intros H; now destruct (H _ eq_refl)).
Lemma not_object x : object_fields x = None <-> forall ps, x <> JObject ps.
Proof. by_kind x. Qed.
Lemma not_array x : array x = None <-> forall xs, x <> JArray xs.
Proof. by_kind x. Qed.
Lemma not_string x : string x = None <-> forall s, x <> JString s.
Proof. by_kind x. Qed.
Lemma not_number x : spelled x = None <-> forall l, x <> JNumber l.
Proof. by_kind x. Qed.
Lemma object_iff x ps : object_fields x = Some ps <-> x = JObject ps.
Proof. destruct x; cbn; split; congruence. Qed.
Lemma array_iff x xs : array x = Some xs <-> x = JArray xs.
Proof. destruct x; cbn; split; congruence. Qed.
Lemma number_iff x l : spelled x = Some l <-> x = JNumber l.
Proof. destruct x; cbn; split; congruence. Qed.
Lemma null_iff x : is_null x = true <-> x = JNull.
Proof. destruct x; cbn; split; congruence. Qed.

Lemma ex_iff {A} (P Q : A -> Prop) : (forall a, P a <-> Q a) -> (exists a, P a) <-> exists a, Q a.
Proof. intros H. now setoid_rewrite H. Qed.

Lemma some_member ln (es : list (bytes * json)) p :
  existsb (fun m => someb p (fields ln (snd m))) es = true
  <-> exists k x fs, In (k, x) es /\ fields ln x = Some fs /\ p fs = true.
Proof.
  rewrite existsb_exists. setoid_rewrite someb_iff. split.
  - intros ([k x] & I & fs & E & P). eauto 7.
  - intros (k & x & fs & I & E & P). exists (k, x). eauto.
Qed.

Section Rules.
Variables (v : version) (ln : lenience) (ms : list (bytes * json)).

(* The fields of an entry, a field, an element of an array that is a field. *)
Definition entry fs := exists k x, In (k, x) (entries ms) /\ fields ln x = Some fs.
Definition field k x := exists fs, entry fs /\ first k fs = Some x.
Definition element x :=
  exists k xs, In k (tl field_names) /\ field k (JArray xs) /\ In x xs.

Lemma some_entry (p : list (bytes * json) -> bool) :
  existsb (fun m => someb p (fields ln (snd m))) (entries ms) = true
  <-> exists fs, entry fs /\ p fs = true.
Proof.
  rewrite some_member. unfold entry. split.
  - intros (k & x & fs & I & E & P). eauto 6.
  - intros (fs & (k & x & I & E) & P). eauto 6.
Qed.

Lemma some_field k (p : json -> bool) :
  existsb (fun m => someb (fun fs => someb p (first k fs)) (fields ln (snd m))) (entries ms) = true
  <-> exists x, field k x /\ p x = true.
Proof.
  rewrite some_entry. setoid_rewrite someb_iff. unfold field. split.
  - intros (fs & F & x & E & P). eauto.
  - intros (x & (fs & F & E) & P). eauto.
Qed.

Lemma some_element (p : json -> bool) :
  existsb (fun m => someb (fun fs => elementb p fs) (fields ln (snd m))) (entries ms) = true
  <-> exists x, element x /\ p x = true.
Proof.
  rewrite some_entry. unfold elementb, element, field. setoid_rewrite existsb_exists.
  setoid_rewrite someb_iff. setoid_rewrite existsb_exists. split.
  - intros (fs & F & k & K & xs & E & x & I & P).
    destruct (first k fs) as [y|] eqn:G; [|easy]. apply array_iff in E. subst y. eauto 12.
  - intros (x & (k & xs & K & (fs & F & E) & I) & P). exists fs. split; [exact F|].
    exists k. split; [exact K|]. exists xs. rewrite E. eauto.
Qed.

Notation decided r :=
  (structure_brokenb v ln (filter is_metab ms) (filter (fun m => negb (is_metab m)) ms) r = true
   <-> structure_broken v ln ms r).
Ltac open_rule := unfold structure_brokenb, metadata_brokenb, entry_brokenb, structure_broken;
  cbv beta iota zeta;
  change (filter (fun m => negb (is_metab m)) ms) with (entries ms);
  change (filter is_metab ms) with (filter is_meta ms).
Ltac by_field := etransitivity; [apply some_field|]; apply ex_iff; intros x.
Ltac by_element := etransitivity; [apply some_element|].

Lemma NAME_1_decided : decided NAME_1.
Proof.
  open_rule. unfold is_true.
  now rewrite andb_true_iff, !negb_true_iff, <- !not_true_iff_false, nodupb_iff.
Qed.

(* The first metadata member. *)
Ltac by_metadata := open_rule; destruct (filter is_meta ms) as [|[key m] rest];
  [split; [easy|]; firstorder easy|].

Lemma META_1_decided : decided META_1.
Proof.
  open_rule. rewrite <- more_than_one_iff. now destruct (filter is_meta ms) as [|[k m] [|]].
Qed.

Lemma META_2_decided : decided META_2.
Proof.
  by_metadata. unfold is_true. rewrite andb_true_iff, noneb_iff, not_object.
  rewrite negb_true_iff, <- not_true_iff_false, andb_true_iff, null_iff.
  split; [eauto 7|]. intros (m' & (k & r & E) & H). now inversion E.
Qed.

Lemma META_3_decided : decided META_3.
Proof.
  by_metadata. rewrite someb_iff. setoid_rewrite object_iff. setoid_rewrite existsb_exists.
  setoid_rewrite noneb_iff. setoid_rewrite not_string. split.
  - intros (ps & -> & [k x] & I & H). eauto 8.
  - intros (ps & k & x & (k' & r & E) & I & H). inversion E. exists ps. split; [easy|].
    now exists (k, x).
Qed.

Lemma META_4_decided : decided META_4.
Proof.
  by_metadata. unfold is_true. rewrite andb_true_iff, someb_iff. setoid_rewrite object_iff.
  setoid_rewrite negb_true_iff. setoid_rewrite <- not_true_iff_false.
  setoid_rewrite nodupb_iff. apply and_iff_compat_l. split.
  - intros (ps & -> & H). eauto 7.
  - intros (ps & (k & r & E) & H). inversion E. now exists ps.
Qed.

Lemma ENT_1_decided : decided ENT_1.
Proof.
  open_rule. rewrite existsb_exists. setoid_rewrite noneb_iff. split.
  - intros ([k x] & H). now exists k, x.
  - intros (k & x & H). now exists (k, x).
Qed.

Lemma ENT_2_decided : decided ENT_2.
Proof.
  open_rule. etransitivity; [apply some_entry|]. setoid_rewrite existsb_exists.
  setoid_rewrite negb_true_iff. setoid_rewrite <- not_true_iff_false. setoid_rewrite inb_iff.
  apply ex_iff. intros fs. split; [intros (F & k & H)|intros (k & F & H)]; eauto.
Qed.

Lemma ENT_3_decided : decided ENT_3.
Proof.
  open_rule. etransitivity; [apply some_entry|]. setoid_rewrite existsb_exists.
  setoid_rewrite more_than_one_iff.
  apply ex_iff. intros fs. split; [intros (F & k & H)|intros (k & F & H)]; eauto.
Qed.

Lemma ENT_4_decided : decided ENT_4.
Proof.
  open_rule. unfold is_true. etransitivity; [apply some_entry|].
  setoid_rewrite andb_true_iff. setoid_rewrite existsb_exists. setoid_rewrite negb_true_iff.
  setoid_rewrite <- not_true_iff_false. setoid_rewrite inb_iff. split.
  - intros (fs & F & L & k & H). split; [exact L|]. now exists fs, k.
  - intros (L & fs & k & F & H). exists fs. repeat split; [exact F|exact L|]. now exists k.
Qed.

Lemma DT_1_decided : decided DT_1.
Proof. open_rule. by_field. apply and_iff_compat_l, noneb_iff. Qed.

Lemma DT_2_decided : decided DT_2.
Proof.
  open_rule. etransitivity; [apply some_field|]. setoid_rewrite someb_iff.
  setoid_rewrite noneb_iff. setoid_rewrite vocabularyb_eq.
  (* Whatever the vocabulary is: its rows must not be computed with. *)
  generalize vocabulary. intros vocabulary. split.
  - intros (x & F & d & H). now exists x, d.
  - intros (x & d & F & H). exists x. split; [exact F|]. now exists d.
Qed.

Lemma SHP_1_decided : decided SHP_1.
Proof. open_rule. by_field. apply and_iff_compat_l. now rewrite noneb_iff, not_array. Qed.

Lemma OFF_1_decided : decided OFF_1.
Proof. open_rule. by_field. apply and_iff_compat_l. now rewrite noneb_iff, not_array. Qed.

Lemma OFF_2_decided : decided OFF_2.
Proof.
  open_rule. etransitivity; [apply some_field|]. setoid_rewrite someb_iff.
  setoid_rewrite array_iff. setoid_rewrite negb_true_iff. setoid_rewrite N.eqb_neq. split.
  - intros (x & F & xs & -> & H). now exists xs.
  - intros (xs & F & H). exists (JArray xs). split; [exact F|]. now exists xs.
Qed.

Lemma INT_1_decided : decided INT_1.
Proof.
  open_rule. by_element. apply ex_iff. intros x. apply and_iff_compat_l.
  now rewrite noneb_iff, not_number.
Qed.

Lemma INT_2_decided : decided INT_2.
Proof.
  open_rule. by_element. setoid_rewrite someb_iff. setoid_rewrite number_iff.
  setoid_rewrite negb_true_iff. setoid_rewrite <- not_true_iff_false.
  setoid_rewrite integerb_iff. split.
  - intros (x & E & l & -> & H). now exists l.
  - intros (l & E & H). exists (JNumber l). split; [exact E|]. now exists l.
Qed.

Lemma INT_3_decided : decided INT_3.
Proof.
  open_rule. by_element. setoid_rewrite someb_iff. setoid_rewrite number_iff.
  setoid_rewrite andb_true_iff. setoid_rewrite integerb_iff. setoid_rewrite N.leb_le. split.
  - intros (x & E & l & -> & H). now exists l.
  - intros (l & E & H). exists (JNumber l). split; [exact E|]. now exists l.
Qed.

(* No entry breaks a rule of another stage here. *)
Lemma other_decided :
  existsb (fun m => someb (fun _ => false) (fields ln (snd m))) (entries ms) = true <-> False.
Proof. rewrite some_entry. split; [now intros (fs & _ & H)|easy]. Qed.

Theorem structure_brokenb_iff r : decided r.
Proof.
  destruct r; first [ exact other_decided | exact NAME_1_decided
    | exact META_1_decided | exact META_2_decided | exact META_3_decided | exact META_4_decided
    | exact ENT_1_decided | exact ENT_2_decided | exact ENT_3_decided | exact ENT_4_decided
    | exact DT_1_decided | exact DT_2_decided | exact SHP_1_decided | exact OFF_1_decided
    | exact OFF_2_decided | exact INT_1_decided | exact INT_2_decided | exact INT_3_decided ].
Qed.

End Rules.
