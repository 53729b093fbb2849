(* Aligned.v: in a canonical file the data buffer begins at a multiple of 8, and each tensor at a
   multiple of the alignment of its dtype. That such a file is valid, and what it means, stands in
   Canonical.v, and no definition of the format stands here. *)
From Coq Require Import List NArith Bool String Sorted Lia.
From Safetensors Require Import Tables Format Sorting Canonical.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Lemma dtypes_are_alignable d bits : vocabulary latest d = Some bits ->
  In (alignment d) [1; 2; 4; 8] /\ (alignment d = 1 \/ bits = 8 * alignment d).
Proof.
  intros V. unfold alignment. rewrite V. apply vocabulary_row in V as [row [I [_ <-]]].
  assert (H : forallb (fun row : string * N * version => let a := (snd (fst row) + 7) / 8 in
    existsb (N.eqb a) [1; 2; 4; 8] && ((a =? 1) || (snd (fst row) =? 8 * a))) dtypes = true)
    by reflexivity.
  rewrite forallb_forall in H. specialize (H row I). cbv zeta in H.
  apply andb_true_iff in H as [H G]. split.
  - apply existsb_exists in H as [a [A E]]. apply N.eqb_eq in E. congruence.
  - apply orb_true_iff in G. rewrite !N.eqb_eq in G. exact G.
Qed.

Theorem data_aligned m : (8 + size (header_of m)) mod 8 = 0.
Proof.
  unfold header_of. cbv zeta. rewrite size_app. unfold size at 2.
  rewrite repeat_length, Nnat.N2Nat.id.
  generalize (size (object_of (metadata_of (m_metadata m)
    ++ entries_of 0 (sort item_order (m_items m))))). intros n.
  assert (L : n mod 8 < 8) by (apply N.mod_lt; discriminate).
  pose proof (N.div_mod n 8 ltac:(discriminate)) as D. revert L D.
  generalize (n / 8), (n mod 8). intros q r L ->. destruct (N.eq_0_gt_0_cases r) as [->|P].
  - change ((8 - 0) mod 8) with 0. replace (8 + _) with ((q + 1) * 8) by lia.
    apply N.mod_mul. discriminate.
  - rewrite (N.mod_small (8 - r)) by lia.
    replace (8 + _) with ((q + 2) * 8) by lia. apply N.mod_mul. discriminate.
Qed.

Lemma smaller_alignment_divides a b : In a [1; 2; 4; 8] -> In b [1; 2; 4; 8] -> a <= b -> (a | b).
Proof.
  intros A B L. apply N.mod_divide; cbn in A, B; intuition; subst; try reflexivity;
    try discriminate; exfalso; apply L; reflexivity.
Qed.

Lemma writable_alignment t : writable_item t -> In (alignment (i_dtype t)) [1; 2; 4; 8]
  /\ (alignment (i_dtype t) | size (i_bytes t)).
Proof.
  intros [_ [_ [_ [bits [V [_ E]]]]]]. destruct (dtypes_are_alignable _ _ V) as [I A].
  split; [exact I|]. destruct A as [->|A]; [apply N.divide_1_l|]. exists (product (i_shape t)).
  rewrite A in E. revert E.
  generalize (alignment (i_dtype t)), (product (i_shape t)), (size (i_bytes t)).
  intros a p s E. apply (N.mul_cancel_l _ _ 8); [discriminate|]. rewrite <- E. ring.
Qed.

Lemma begins_aligned l : forall begin, StronglySorted (fun p q => item_order p q = true) l ->
  Forall writable_item l -> (forall t, In t l -> (alignment (i_dtype t) | begin)) ->
  Forall (fun t => (alignment (t_dtype t) | t_begin t)) (tensors_from begin l).
Proof.
  induction l as [|t l IH]; intros begin S W D; [constructor|].
  inversion S as [|? ? S' L]; inversion W as [|? ? T W']; subst. cbn [tensors_from]. constructor.
  - apply D. now left.
  - apply IH; [exact S'|exact W'|]. intros u U. apply N.divide_add_r; [apply D; now right|].
    destruct (writable_alignment t T) as [A H]. rewrite Forall_forall in W', L.
    destruct (writable_alignment u (W' u U)) as [B _].
    refine (N.divide_trans _ _ _ (smaller_alignment_divides _ _ B A _) H).
    specialize (L u U). apply item_order_iff in L. cbv zeta in L. lia.
Qed.

Theorem tensors_aligned m : writable m ->
  Forall (fun t => (8 + size (header_of m) + t_begin t) mod alignment (t_dtype t) = 0)
    (r_tensors (reading_of m)).
Proof.
  intros W. cbn [reading_of r_tensors].
  assert (D := begins_aligned (items m) 0 (sort_sorted _ item_order_total item_order_trans _)
    (items_are_writable m W) (fun _ _ => N.divide_0_r _)).
  assert (A := items_are_writable m W).
  assert (H : Forall (fun t => In (alignment (t_dtype t)) [1; 2; 4; 8]) (tensors_from 0 (items m))).
  { clear D. revert A. generalize (items m), 0. intros l. induction l as [|t l IH]; intros b F;
      [constructor|]. inversion F; subst.
    constructor; [apply writable_alignment; assumption|auto]. }
  rewrite Forall_forall in *. intros t T. specialize (H t T).
  apply N.mod_divide; [intros E; rewrite E in H; cbn in H; intuition discriminate|].
  apply N.divide_add_r; [|apply D, T]. apply (N.divide_trans _ 8).
  - apply smaller_alignment_divides; [exact H|cbn; auto|cbn in H; lia].
  - apply N.mod_divide; [discriminate|apply data_aligned].
Qed.
