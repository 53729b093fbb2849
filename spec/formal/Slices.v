(* Slices.v: VAL-1. The positions of the elements of a tensor are the numbers below the product of
   its shape, each once; and the slices that ranks take along one axis, next to each other, part the
   tensor. Nothing of files or of bytes stands here. *)
From Coq Require Import List NArith Lia Sorted.
From Safetensors Require Import Format.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Positions ---- *)

Theorem position_bound index shape : Forall2 N.lt index shape ->
  position index shape < product shape.
Proof.
  unfold product. induction 1 as [|i d index shape L F IH]; cbn [position fold_right]; [lia|].
  assert (H : (i + 1) * product shape <= d * product shape) by (apply N.mul_le_mono_r; lia).
  unfold product in *. lia.
Qed.
Theorem position_injective shape : forall a b, Forall2 N.lt a shape -> Forall2 N.lt b shape ->
  position a shape = position b shape -> a = b.
Proof.
  induction shape as [|d shape IH]; intros a b A B E; inversion A; inversion B; subst;
    [reflexivity|].
  cbn in E. rewrite !(N.mul_comm _ (product shape)) in E.
  apply N.div_mod_unique in E as [-> E]; [f_equal; auto | apply position_bound; assumption..].
Qed.
Theorem position_onto shape : forall i, i < product shape ->
  exists index, Forall2 N.lt index shape /\ position index shape = i.
Proof.
  induction shape as [|d shape IH]; intros i H.
  - exists []. cbn in *. split; [constructor | lia].
  - change (product (d :: shape)) with (d * product shape) in H.
    assert (Z : product shape <> 0) by (intros Z; rewrite Z in H; lia).
    destruct (IH (i mod product shape)) as (index & F & E); [apply N.mod_lt, Z|].
    exists (i / product shape :: index). split.
    + constructor; [|exact F]. apply N.div_lt_upper_bound; [exact Z | lia].
    + cbn. rewrite E, N.mul_comm. symmetry. apply N.div_mod, Z.
Qed.

Theorem positions_are_one_to_one shape :
  (forall index, Forall2 N.lt index shape -> position index shape < product shape)
  /\ forall i, i < product shape ->
     exists! index, Forall2 N.lt index shape /\ i = position index shape.
Proof.
  split; [intros index; apply position_bound|]. intros i I.
  destruct (position_onto shape i I) as (index & F & E). exists index. split; [split; congruence|].
  intros other [G H]. apply (position_injective shape); [exact F|exact G|congruence].
Qed.

(* ---- Slices along one axis ---- *)

(* The whole of each axis but one, and of that one a span. *)
Fixpoint spans_at (axis : nat) (s : N * N) (shape : list N) : list (N * N) :=
  match shape, axis with
  | [], _ => []
  | _ :: r, O => s :: map (Datatypes.pair 0) r
  | d :: r, S axis => (0, d) :: spans_at axis s r
  end.
(* Each rank begins where the one before it ends. *)
Fixpoint ranks (from : N) (cuts : list N) : list (N * N) :=
  match cuts with [] => [] | c :: r => (from, c) :: ranks c r end.
Definition inside (x : N) (s : N * N) : Prop := fst s <= x < snd s.

Theorem chosen_inside shape spans i : chosen shape spans i -> i < product shape.
Proof. intros (index & F & -> & _). apply position_bound, F. Qed.

Lemma inside_whole index shape : Forall2 N.lt index shape ->
  Forall2 inside index (map (Datatypes.pair 0) shape).
Proof. induction 1; cbn; constructor; [unfold inside; cbn; lia | assumption]. Qed.
Lemma inside_spans_at s index shape : Forall2 N.lt index shape -> forall axis,
  (axis < length shape)%nat ->
  (Forall2 inside index (spans_at axis s shape) <-> inside (nth axis index 0) s).
Proof.
  induction 1 as [|x d index shape L F IH]; intros axis A; cbn in A; [lia|].
  destruct axis as [|axis]; cbn [spans_at nth].
  - split; [inversion 1; assumption|]. intros H. constructor; [exact H | apply inside_whole, F].
  - rewrite <- (IH axis) by lia. split; [inversion 1; assumption|].
    intros H. constructor; [unfold inside; cbn; lia | exact H].
Qed.
(* Whether an element is chosen depends on its index along the axis. *)
Lemma chosen_by_axis s index shape axis : Forall2 N.lt index shape -> (axis < length shape)%nat ->
  (chosen shape (spans_at axis s shape) (position index shape) <-> inside (nth axis index 0) s).
Proof.
  intros F A. rewrite <- (inside_spans_at s index shape F axis A). split.
  - intros (other & G & E & H). apply position_injective in E as ->; assumption.
  - intros H. exists index. auto.
Qed.

Lemma ranks_ascend cuts : forall from j, StronglySorted N.le (from :: cuts) ->
  (j < length cuts)%nat -> from <= fst (nth j (ranks from cuts) (0, 0)).
Proof.
  induction cuts as [|c cuts IH]; intros from j S J; cbn in J; [lia|].
  destruct j as [|j]; cbn; [lia|].
  inversion S as [|? ? S' F]; inversion F; subst. specialize (IH c j S'). lia.
Qed.
Lemma one_rank_has x cuts : forall from, StronglySorted N.le (from :: cuts) ->
  from <= x < last cuts from ->
  exists! j, (j < length cuts)%nat /\ inside x (nth j (ranks from cuts) (0, 0)).
Proof.
  induction cuts as [|c cuts IH]; intros from O H; [cbn in H; lia|].
  inversion O as [|? ? O' _]; subst. destruct (N.lt_ge_cases x c) as [L|L].
  - exists 0%nat. split; [cbn; unfold inside; cbn; split; lia|].
    intros [|j] [J I]; [reflexivity|]. cbn in J, I.
    assert (R : c <= fst (nth j (ranks c cuts) (0, 0))) by (apply ranks_ascend; [exact O' | lia]).
    unfold inside in I. lia.
  - destruct (IH c O') as (j & [J I] & U).
    { split; [exact L|]. destruct cuts as [|e cuts]; [cbn in H |- *; lia|].
      replace (last (e :: cuts) c) with (last (c :: e :: cuts) from); [apply H|].
      cbn [last]. clear. revert e. induction cuts as [|f cuts IH]; intros e; [reflexivity|].
      apply IH. }
    exists (S j). split; [cbn; split; [lia | exact I]|].
    intros [|k] [K G]; [cbn in G; unfold inside in G; cbn in G; lia|].
    f_equal. apply U. cbn in K, G. split; [lia | exact G].
Qed.

(* Of ranks that part an axis of [d], by the places where they end, just one has each element. *)
Theorem ranks_partition shape axis d cuts : nth_error shape axis = Some d ->
  Sorted N.le cuts -> last cuts 0 = d ->
  (forall i, i < product shape -> exists! j, (j < length cuts)%nat /\
    chosen shape (spans_at axis (nth j (ranks 0 cuts) (0, 0)) shape) i) /\
  (forall j i, chosen shape (spans_at axis (nth j (ranks 0 cuts) (0, 0)) shape) i ->
    i < product shape).
Proof.
  intros E S L. split; [|intros j i; apply chosen_inside].
  intros i H. apply position_onto in H as (index & F & <-).
  assert (A : (axis < length shape)%nat) by (apply nth_error_Some; congruence).
  assert (B : nth axis index 0 < d).
  { clear - F E. revert axis E. induction F; intros [|axis] E; try discriminate E; cbn in *.
    - congruence.
    - apply IHF, E. }
  destruct (one_rank_has (nth axis index 0) cuts 0) as (j & [J I] & U).
  - apply Sorted_StronglySorted; [intros x y z; apply N.le_trans|].
    constructor; [exact S|]. destruct cuts; constructor. lia.
  - lia.
  - exists j. split; [split; [exact J | apply chosen_by_axis; assumption]|].
    intros k [K C]. apply U. split; [exact K|]. apply chosen_by_axis in C; assumption.
Qed.

(* The same, with the spans written out: rank j goes from the cut before it to its own. *)
Lemma spans_written axis s shape d : nth_error shape axis = Some d ->
  spans_at axis s shape
  = let whole := map (Datatypes.pair 0) shape in firstn axis whole ++ s :: skipn (S axis) whole.
Proof.
  revert axis. induction shape as [|e shape IH]; intros [|axis] E; try discriminate E; cbn.
  - reflexivity.
  - f_equal. exact (IH axis E).
Qed.
Lemma rank_written cuts : forall from j, (j < length cuts)%nat ->
  nth j (ranks from cuts) (0, 0) = (nth j (from :: cuts) 0, nth j cuts 0).
Proof.
  induction cuts as [|c cuts IH]; intros from j L; cbn in L; [lia|].
  destruct j as [|j]; cbn [ranks nth]; [reflexivity|]. apply (IH c j). lia.
Qed.
Theorem each_element_in_one_rank shape axis d cuts : nth_error shape axis = Some d ->
  Sorted N.le cuts -> last cuts 0 = d -> forall i, i < product shape ->
  exists! j, (j < length cuts)%nat /\ let whole := map (Datatypes.pair 0) shape in
    let rank := (nth j (0 :: cuts) 0, nth j cuts 0) in
    chosen shape (firstn axis whole ++ rank :: skipn (S axis) whole) i.
Proof.
  intros E S L i I. destruct (ranks_partition shape axis d cuts E S L) as [P _].
  destruct (P i I) as (j & [J C] & U). exists j. cbv zeta. split.
  - split; [exact J|]. rewrite (rank_written cuts 0 j J), (spans_written _ _ _ d E) in C. exact C.
  - intros k [K D]. apply U. split; [exact K|].
    rewrite (rank_written cuts 0 k K), (spans_written _ _ _ d E). exact D.
Qed.
