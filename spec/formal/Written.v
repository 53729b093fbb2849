(* Written.v: the members of the object that a canonical file has for a reading, and that they break
   no rule of stages 3 to 5 if the reading is sound. How they are spelled stands in Spelling.v, and
   what the canonical file of a model is in Canonical.v. *)
From Coq Require Import List NArith Bool String Ascii Lia.
From Safetensors Require Import Tables Format Names Spelling.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- A reading as members ---- *)

Definition entry_fields (t : tensor) : list (bytes * json) :=
  [(text "dtype", JString (t_dtype t)); (text "shape", JArray (map json_number (t_shape t)));
   (text "data_offsets", JArray (map json_number [t_begin t; t_end t]))].
Definition entry (t : tensor) : bytes * json := (t_name t, JObject (entry_fields t)).
Definition pair_member (p : bytes * bytes) : bytes * json := (fst p, JString (snd p)).
Definition metadata_member (ps : list (bytes * bytes)) : list (bytes * json) :=
  match ps with [] => [] | _ => [(text "__metadata__", JObject (map pair_member ps))] end.
Definition written (R : reading) : list (bytes * json) :=
  metadata_member (r_metadata R) ++ map entry (r_tensors R).

Definition sound_tensor (t : tensor) : Prop :=
  t_name t <> text "__metadata__" /\ Forall (fun d => d < word) (t_shape t)
  /\ t_begin t <= t_end t /\ t_end t < word
  /\ exists bits, vocabulary latest (t_dtype t) = Some bits /\ fits strict bits (t_shape t)
     /\ bits * product (t_shape t) = 8 * (t_end t - t_begin t).
Definition place_of (t : tensor) : place := Place (t_name t) (t_begin t) (t_end t).
(* The places follow one another without a gap. *)
Fixpoint consecutive (begin : N) (ps : list place) (len : N) : Prop :=
  match ps with
  | [] => begin = len
  | p :: r => p_begin p = begin /\ begin <= p_end p /\ consecutive (p_end p) r len
  end.
Definition sound (R : reading) (len : N) : Prop :=
  NoDup (keys (r_metadata R)) /\ NoDup (map t_name (r_tensors R))
  /\ Forall sound_tensor (r_tensors R) /\ consecutive 0 (map place_of (r_tensors R)) len.

(* ---- Places that follow one another ---- *)

Lemma consecutive_within ps : forall begin len, consecutive begin ps len ->
  forall p, In p ps -> begin <= p_begin p <= p_end p /\ p_end p <= len.
Proof.
  assert (Ends : forall ps begin len, consecutive begin ps len -> begin <= len).
  { clear. induction ps as [|p ps IH]; cbn; intros begin len C; [lia|].
    destruct C as [_ [L C]]. specialize (IH _ _ C). lia. }
  induction ps as [|q ps IH]; intros begin len C p I; [easy|]. destruct C as [B [L C]].
  destruct I as [<-|I]; [specialize (Ends _ _ _ C); lia|]. specialize (IH _ _ C p I). lia.
Qed.

Lemma consecutive_apart ps : forall begin len, consecutive begin ps len ->
  forall p q, In p ps -> In q ps -> p = q \/ p_end p <= p_begin q \/ p_end q <= p_begin p.
Proof.
  induction ps as [|a ps IH]; intros begin len C p q P Q; [easy|]. destruct C as [B [L C]].
  pose proof (consecutive_within _ _ _ C) as W.
  destruct P as [->|P], Q as [->|Q]; auto; [specialize (W q Q)|specialize (W p P)|]; eauto; lia.
Qed.

Lemma consecutive_owned ps : forall begin len, consecutive begin ps len ->
  forall i, begin <= i < len -> exists p, In p ps /\ owns p i.
Proof.
  induction ps as [|p ps IH]; cbn [consecutive]; intros begin len C i I; [lia|].
  destruct C as [B [L C]]. destruct (N.lt_ge_cases i (p_end p)) as [H|H].
  - exists p. split; [now left|]. unfold owns. lia.
  - destruct (IH _ _ C i ltac:(lia)) as [q [J O]]. exists q. split; [now right|exact O].
Qed.

Lemma consecutive_ends ps : forall begin len, consecutive begin ps len -> begin < len ->
  exists p, In p ps /\ p_end p = len.
Proof.
  induction ps as [|p ps IH]; cbn [consecutive]; intros begin len C L; [lia|].
  destruct C as [_ [_ C]]. destruct (N.lt_ge_cases (p_end p) len) as [H|H].
  - destruct (IH _ _ C H) as [q [I E]]. exists q. split; [now right|exact E].
  - exists p. split; [now left|]. destruct ps as [|q ps]; [exact C|].
    destruct (consecutive_within _ _ _ C q ltac:(now left)). lia.
Qed.

(* ---- Stage 3 ---- *)

Section Written.
  Variables (R : reading) (len : N).
  Hypothesis R_sound : sound R len.

  Lemma tensors_are_sound t : In t (r_tensors R) -> sound_tensor t.
  Proof. destruct R_sound as [_ [_ [S _]]]. rewrite Forall_forall in S. apply S. Qed.

  Lemma entry_is_no_metadata t : In t (r_tensors R) -> is_meta (entry t) = false.
  Proof.
    intros T. apply not_true_iff_false. intros E. apply same_iff in E.
    destruct (tensors_are_sound t T) as [H _]. apply H. symmetry. exact E.
  Qed.

  Lemma written_metadata : filter is_meta (written R) = metadata_member (r_metadata R).
  Proof.
    unfold written. rewrite filter_app.
    replace (filter is_meta (map entry (r_tensors R))) with (@nil (bytes * json)).
    - rewrite app_nil_r. destruct (r_metadata R); reflexivity.
    - generalize entry_is_no_metadata.
      induction (r_tensors R) as [|t l IH]; intros H; [reflexivity|].
      cbn [map filter]. rewrite (H t) by now left. apply IH. intros t' T; apply H; now right.
  Qed.

  Lemma written_entries : entries (written R) = map entry (r_tensors R).
  Proof.
    unfold entries, written. rewrite filter_app.
    replace (filter _ (metadata_member (r_metadata R))) with (@nil (bytes * json)).
    - generalize entry_is_no_metadata.
      induction (r_tensors R) as [|t l IH]; intros H; [reflexivity|].
      cbn [map filter app]. rewrite (H t) by now left. cbn [negb]. f_equal.
      apply IH. intros t' T; apply H; now right.
    - destruct (r_metadata R); reflexivity.
  Qed.

  Lemma fields_of_entries k x fs : In (k, x) (entries (written R)) ->
    fields strict x = Some fs -> exists t, In t (r_tensors R) /\ fs = entry_fields t.
  Proof.
    rewrite written_entries. intros I F. apply in_map_iff in I as [t [E T]].
    injection E as <- <-. injection F as <-. exists t; auto.
  Qed.

  Lemma metadata_of_written k m rest : filter is_meta (written R) = (k, m) :: rest ->
    m = JObject (map pair_member (r_metadata R)) /\ rest = [].
  Proof.
    rewrite written_metadata. destruct (r_metadata R) as [|p ps]; [discriminate|].
    intros E. injection E as _ <- <-. auto.
  Qed.

  Lemma keys_of_pairs ps : keys (map pair_member ps) = keys ps.
  Proof. unfold keys. rewrite map_map. reflexivity. Qed.

  Lemma keys_of_entries l : keys (map entry l) = map t_name l.
  Proof. unfold keys. rewrite map_map. reflexivity. Qed.

  Lemma json_number_spells l n : JNumber l = json_number n -> l = print 20 n.
  Proof. apply (f_equal (fun v => match v with JNumber s => s | _ => [] end)). Qed.

  Lemma arrays_of_an_entry k t xs x :
    In k (tl field_names) -> In t (r_tensors R) -> first k (entry_fields t) = Some (JArray xs) ->
    In x xs -> exists n, n < word /\ x = json_number n.
  Proof.
    intros K T F X. destruct (tensors_are_sound t T) as [_ [S [L [E _]]]].
    destruct K as [<-|[<-|[]]]; injection F as <-.
    - apply in_map_iff in X as [n [<- X]]. exists n. split; [|reflexivity].
      rewrite Forall_forall in S. apply S, X.
    - destruct X as [<-|[<-|[]]]; eexists; (split; [|reflexivity]); lia.
  Qed.

  Lemma structure_kept r : ~ structure_broken latest strict (written R) r.
  Proof.
    destruct r; cbn [structure_broken]; cbv zeta; try easy.
    - intros [_ H]. apply H. rewrite written_entries, keys_of_entries. apply R_sound.
    - rewrite written_metadata. destruct (r_metadata R); cbn; discriminate.
    - intros [m [[k [rest M]] [H _]]]. apply metadata_of_written in M as [-> _].
      eapply H; reflexivity.
    - intros [ps [k [x [[k' [rest M]] [I H]]]]]. apply metadata_of_written in M as [E _].
      injection E as ->. apply in_map_iff in I as [p [E _]]. injection E as _ <-.
      eapply H; reflexivity.
    - intros [_ [ps [[k [rest M]] H]]]. apply metadata_of_written in M as [E _]. injection E as ->.
      apply H. rewrite keys_of_pairs. apply R_sound.
    - intros [k [x [I F]]]. rewrite written_entries in I. apply in_map_iff in I as [t [E _]].
      injection E as _ <-. discriminate F.
    - intros [fs [k [[k' [x [I F]]] [K H]]]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      exact (H K).
    - intros [fs [k [[k' [x [I F]]] [K H]]]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      destruct K as [<-|[<-|[<-|[]]]]; discriminate H.
    - intros [_ [fs [k [[k' [x [I F]]] [K H]]]]].
      destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      exact (H K).
    - intros [x [[fs [[k' [y [I F]]] D]] H]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      injection D as <-. discriminate H.
    - intros [x [d [[fs [[k' [y [I F]]] D]] [H V]]]].
      destruct (fields_of_entries _ _ _ I F) as [t [T ->]]. injection D as <-. injection H as <-.
      destruct (tensors_are_sound t T) as [_ [_ [_ [_ [bits [B _]]]]]]. congruence.
    - intros [x [[fs [[k' [y [I F]]] D]] H]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      injection D as <-. eapply H; reflexivity.
    - intros [x [[fs [[k' [y [I F]]] D]] H]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      injection D as <-. eapply H; reflexivity.
    - intros [xs [[fs [[k' [y [I F]]] D]] H]]. destruct (fields_of_entries _ _ _ I F) as [t [_ ->]].
      injection D as <-. apply H; reflexivity.
    - intros [x [[k [xs [K [[fs [[k' [y [I F]]] D]] X]]]] H]].
      destruct (fields_of_entries _ _ _ I F) as [t [T ->]].
      destruct (arrays_of_an_entry _ _ _ _ K T D X) as [n [_ ->]]. eapply H; reflexivity.
    - intros [l [[k [xs [K [[fs [[k' [y [I F]]] D]] X]]]] H]].
      destruct (fields_of_entries _ _ _ I F) as [t [T ->]].
      destruct (arrays_of_an_entry _ _ _ _ K T D X) as [n [L E]].
      apply json_number_spells in E as ->.
      apply H, printed_integer, L.
    - intros [l [[k [xs [K [[fs [[k' [y [I F]]] D]] X]]]] [_ H]]].
      destruct (fields_of_entries _ _ _ I F) as [t [T ->]].
      destruct (arrays_of_an_entry _ _ _ _ K T D X) as [n [L E]].
      apply json_number_spells in E as ->.
      rewrite printed_decimal in H by exact L. apply N.le_ngt in H. contradiction.
  Qed.

  (* ---- Stage 4 ---- *)

  Lemma uint_of_json_number n k : n < word -> uint (json_number n) k -> k = n.
  Proof.
    intros L [l [E [_ [-> _]]]]. symmetry in E. apply json_number_spells in E as ->.
    apply printed_decimal, L.
  Qed.

  Lemma uints_of_json_numbers l l' :
    Forall (fun n => n < word) l -> Forall2 uint (map json_number l) l' -> l' = l.
  Proof.
    intros S. revert l'. induction S as [|n l L S IH]; intros l' F; cbn [map] in F;
      inversion F as [|x k y r U F']; subst; [reflexivity|].
    f_equal; [apply uint_of_json_number; assumption|apply IH, F'].
  Qed.

  Lemma json_numbers l : Forall (fun n => n < word) l -> Forall2 uint (map json_number l) l.
  Proof. induction 1; constructor; auto using printed_uint. Qed.

  Lemma dtype_of_entry t d bits :
    has_dtype latest strict (entry_fields t) d bits <->
    d = t_dtype t /\ vocabulary latest d = Some bits.
  Proof.
    split.
    - intros [x [O [D V]]]. injection O as <-. injection D as <-. auto.
    - intros [-> V]. exists (JString (t_dtype t)). auto.
  Qed.

  Lemma shape_of_entry t shape : sound_tensor t ->
    has_shape (entry_fields t) shape <-> shape = t_shape t.
  Proof.
    intros [_ [S _]]. split.
    - intros [xs [O F]]. injection O as <-. apply uints_of_json_numbers; assumption.
    - intros ->. exists (map json_number (t_shape t)). split; [reflexivity|]. apply json_numbers, S.
  Qed.

  Lemma offsets_of_entry t b e : sound_tensor t ->
    has_offsets (entry_fields t) b e <-> b = t_begin t /\ e = t_end t.
  Proof.
    intros [_ [_ [L [E _]]]]. assert (B : t_begin t < word) by lia. split.
    - intros [x [y [O [X Y]]]]. injection O as <- <-.
      split; apply uint_of_json_number; assumption.
    - intros [-> ->]. exists (json_number (t_begin t)), (json_number (t_end t)).
      auto using printed_uint.
  Qed.

  Lemma sizes_kept r : ~ size_broken latest strict (written R) r.
  Proof.
    intros [k [x [fs [bits [shape [b [e [I [F H]]]]]]]]].
    destruct (fields_of_entries _ _ _ I F) as [t [T ->]]. pose proof (tensors_are_sound t T) as S.
    assert (Sized : (exists d, has_dtype latest strict (entry_fields t) d bits)
        /\ has_shape (entry_fields t) shape ->
        fits strict bits shape /\ bits * product shape = 8 * (t_end t - t_begin t)).
    { intros [[d D] P]. apply dtype_of_entry in D as [-> D].
      apply shape_of_entry in P as ->; [|exact S]. destruct S as [_ [_ [_ [_ [bits' [V S]]]]]].
      assert (bits' = bits) as -> by congruence. exact S. }
    destruct r; try contradiction.
    - destruct H as [O L]. apply offsets_of_entry in O as [-> ->]; [|exact S].
      destruct S as [_ [_ [S _]]]. lia.
    - destruct H as [P H]. apply H, Sized, P.
    - destruct H as [P [_ H]]. apply H. destruct (Sized P) as [_ ->]. rewrite N.mul_comm.
      apply N.mod_mul. discriminate.
    - destruct H as [P [_ [_ [O [_ H]]]]]. apply H. destruct (Sized P) as [_ ->].
      apply offsets_of_entry in O as [-> ->]; [|exact S]. rewrite N.mul_comm, N.div_mul; easy.
  Qed.

  (* ---- Stage 5 ---- *)

  Lemma places_of_written ps : placed strict (written R) ps -> ps = map place_of (r_tensors R).
  Proof.
    unfold placed, counted. cbn [strict]. rewrite written_entries. intros [_ F].
    generalize tensors_are_sound. revert ps F.
    induction (r_tensors R) as [|t l IH]; intros ps F S; inversion F as [|m p ? qs H F']; subst;
      [reflexivity|]. cbn [map].
    destruct H as [Name [_ [fs [E O]]]]. injection E as <-.
    apply offsets_of_entry in O as [B E]; [|apply S; now left].
    destruct p; cbn in Name, B, E. subst. f_equal.
    apply IH; [exact F'|]. intros t' T; apply S; now right.
  Qed.

  Lemma layout_kept ps r : placed strict (written R) ps -> ~ layout_broken ps len r.
  Proof.
    intros P. apply places_of_written in P as ->. destruct R_sound as [_ [_ [_ C]]].
    revert C. generalize (map place_of (r_tensors R)). intros ps C B.
    destruct r; cbn [layout_broken] in B; try contradiction.
    - destruct B as [p [I L]]. apply (consecutive_within _ _ _ C) in I. lia.
    - destruct B as [p [q [i [I [J [D [A [B _]]]]]]]]. unfold owns in A, B.
      destruct (consecutive_apart _ _ _ C p q I J) as [H|H]; [contradiction|lia].
    - destruct B as [p [q [I [J [B E]]]]].
      destruct (consecutive_apart _ _ _ C p q I J) as [->|H]; lia.
    - destruct B as [p [i [_ [_ [L B]]]]].
      destruct (consecutive_owned _ _ _ C i ltac:(lia)) as [q [I O]]. exact (B q I O).
    - destruct B as [L B]. destruct (consecutive_ends _ _ _ C L) as [p [I E]].
      specialize (B p I). lia.
  Qed.

  (* ---- What is read ---- *)

  Lemma written_is_read : reads latest strict (written R) R.
  Proof.
    split.
    - exists (r_metadata R). split; [reflexivity|]. rewrite written_metadata.
      destruct (r_metadata R); reflexivity.
    - unfold counted. cbn [strict]. rewrite written_entries. generalize tensors_are_sound.
      induction (r_tensors R) as [|t l IH]; intros S; cbn [map]; constructor.
      + assert (T := S t (or_introl eq_refl)). split; [reflexivity|].
        assert (V : exists bits, vocabulary latest (t_dtype t) = Some bits).
        { destruct T as [_ [_ [_ [_ [bits [V _]]]]]]. exists bits; exact V. }
        destruct V as [bits V]. exists (entry_fields t), bits.
        split; [reflexivity|]. split; [apply dtype_of_entry; auto|].
        split; [apply shape_of_entry|apply offsets_of_entry]; auto.
      + apply IH. intros t' I; apply S; now right.
  Qed.

  Lemma pair_members_differ ps ps' : map pair_member ps = map pair_member ps' -> ps = ps'.
  Proof.
    revert ps'. induction ps as [|[k v] ps IH]; intros [|[k' v'] ps'] E; try easy.
    injection E as -> -> E. f_equal. apply IH, E.
  Qed.

  Lemma written_is_read_once R' : reads latest strict (written R) R' -> R' = R.
  Proof.
    unfold reads, counted. cbn [strict]. rewrite written_metadata, written_entries.
    intros [[ps [M P]] F]. assert (E : r_metadata R' = r_metadata R).
    { rewrite M. destruct (r_metadata R) as [|p l]; [exact P|].
      apply pair_members_differ. symmetry. exact P. }
    assert (G : r_tensors R' = r_tensors R).
    { generalize tensors_are_sound. revert F. generalize (r_tensors R'). clear.
      induction (r_tensors R) as [|t l IH]; intros l' F S; inversion F as [|? u ? r H F']; subst;
        [reflexivity|]. f_equal; [|apply IH; [exact F'|intros t' T; apply S; now right]].
      destruct H as [Name [fs [bits [E [D [P O]]]]]]. injection E as <-.
      assert (T := S t (or_introl eq_refl)). apply dtype_of_entry in D as [D _].
      apply shape_of_entry in P; [|exact T]. apply offsets_of_entry in O as [B E]; [|exact T].
      destruct t, u; cbn in *; congruence. }
    destruct R', R; cbn in E, G; congruence.
  Qed.
End Written.
