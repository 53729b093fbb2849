(* Sorting.v: insertion sort (`sort` of Format.v) under the two orders of the canonical writer.
   A sorted list of items with different names, or of pairs with different keys, is determined by
   what is in it. What is written in that order stands in Canonical.v. *)
From Coq Require Import List NArith Bool Permutation Sorted Lia.
From Safetensors Require Import Tables Format Names.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Section Sort.
  Context {A : Type} (le : A -> A -> bool).
  Hypothesis le_total : forall x y, le x y = true \/ le y x = true.
  Hypothesis le_trans : forall x y z, le x y = true -> le y z = true -> le x z = true.
  Let before_all x l := Forall (fun y => le x y = true) l.

  Lemma insert_permutes x l : Permutation (insert le x l) (x :: l).
  Proof.
    induction l as [|y l IH]; cbn; [reflexivity|].
    destruct (le x y); [reflexivity|]. rewrite IH; apply perm_swap.
  Qed.

  Lemma sort_permutes l : Permutation (sort le l) l.
  Proof.
    induction l as [|x l IH]; [reflexivity|].
    change (sort le (x :: l)) with (insert le x (sort le l)).
    rewrite insert_permutes, IH; reflexivity.
  Qed.

  Lemma insert_sorted x l :
    StronglySorted (fun x y => le x y = true) l ->
    StronglySorted (fun x y => le x y = true) (insert le x l).
  Proof.
    induction 1 as [|y l S IH Y]; cbn; [repeat constructor|].
    destruct (le x y) eqn:E.
    - constructor; [constructor; assumption|]. constructor; [exact E|].
      revert Y; apply Forall_impl; intros z; apply le_trans, E.
    - constructor; [exact IH|]. rewrite Forall_forall in *. intros z Z.
      apply (Permutation_in _ (insert_permutes x l)) in Z. destruct Z as [<-|Z]; [|apply Y, Z].
      destruct (le_total x y); congruence.
  Qed.

  Lemma sort_sorted l : StronglySorted (fun x y => le x y = true) (sort le l).
  Proof. induction l; [constructor|apply insert_sorted; assumption]. Qed.

  Lemma sorted_is_unique l l' :
    (forall x y, In x l -> In y l -> le x y = true -> le y x = true -> x = y) ->
    StronglySorted (fun x y => le x y = true) l -> StronglySorted (fun x y => le x y = true) l' ->
    Permutation l l' -> l = l'.
  Proof.
    intros Anti S. revert l' Anti. induction S as [|x l S IH X]; intros l' Anti S' P.
    { symmetry; apply Permutation_nil, P. }
    destruct S' as [|y l' S' Y]; [apply Permutation_sym, Permutation_nil in P; discriminate|].
    assert (E : x = y).
    { assert (Hx : In x (y :: l')) by (apply (Permutation_in _ P); now left).
      assert (Hy : In y (x :: l)) by (apply (Permutation_in _ (Permutation_sym P)); now left).
      destruct Hx as [Hx|Hx]; [congruence|]. destruct Hy as [Hy|Hy]; [congruence|].
      rewrite Forall_forall in X, Y. apply Anti; auto; now (left + right). }
    subst y. f_equal. apply IH; [|exact S'|exact (Permutation_cons_inv P)].
    intros a b Ha Hb; apply Anti; now right.
  Qed.

  Lemma sorts_alike l l' :
    (forall x y, In x l -> In y l -> le x y = true -> le y x = true -> x = y) ->
    Permutation l l' -> sort le l = sort le l'.
  Proof.
    intros Anti P. apply sorted_is_unique; [|apply sort_sorted..|].
    - intros x y X Y; apply Anti; apply (Permutation_in _ (sort_permutes l)); assumption.
    - rewrite !sort_permutes; exact P.
  Qed.
End Sort.

(* ---- The orders of CAN-2 and CAN-3 ---- *)

Lemma key_order_total p q : key_order p q = true \/ key_order q p = true.
Proof. apply before_total. Qed.

Lemma key_order_trans p q r : key_order p q = true -> key_order q r = true -> key_order p r = true.
Proof. apply before_trans. Qed.

Lemma item_order_iff p q : item_order p q = true <->
  let a := alignment (i_dtype p) in let b := alignment (i_dtype q) in
  b < a \/ a = b /\ before (i_name p) (i_name q) = true.
Proof. unfold item_order. rewrite orb_true_iff, andb_true_iff, N.ltb_lt, N.eqb_eq. reflexivity. Qed.

Lemma item_order_total p q : item_order p q = true \/ item_order q p = true.
Proof.
  rewrite !item_order_iff. cbv zeta.
  destruct (N.lt_trichotomy (alignment (i_dtype p)) (alignment (i_dtype q))) as [H|[H|H]]; auto.
  destruct (before_total (i_name p) (i_name q)); auto.
Qed.

Lemma item_order_trans p q r :
  item_order p q = true -> item_order q r = true -> item_order p r = true.
Proof.
  rewrite !item_order_iff. cbv zeta. generalize (alignment (i_dtype p)) (alignment (i_dtype q)).
  generalize (alignment (i_dtype r)).
  intros c a b [H|[H B]] [H'|[H' B']]; try (left; lia).
  right; split; [lia|]. exact (before_trans _ _ _ B B').
Qed.

Lemma different_names {A B} (f : A -> B) l x y :
  NoDup (map f l) -> In x l -> In y l -> f x = f y -> x = y.
Proof.
  induction l as [|z l IH]; cbn; intros N X Y E; [easy|]. apply NoDup_cons_iff in N as [N D].
  destruct X as [->|X], Y as [->|Y]; auto; exfalso; apply N; [rewrite E|rewrite <- E];
    apply in_map; assumption.
Qed.

Lemma metadata_sorts_alike ps ps' :
  NoDup (keys ps) -> Permutation ps ps' -> sort key_order ps = sort key_order ps'.
Proof.
  intros N. apply sorts_alike; [exact key_order_total|exact key_order_trans|].
  intros p q P Q L G. apply (different_names fst ps); auto. apply before_antisym; assumption.
Qed.

Lemma items_sort_alike l l' :
  NoDup (map i_name l) -> Permutation l l' -> sort item_order l = sort item_order l'.
Proof.
  intros N. apply sorts_alike; [exact item_order_total|exact item_order_trans|].
  intros p q P Q. rewrite !item_order_iff. cbv zeta. intros L G.
  apply (different_names i_name l); auto.
  destruct L as [L|[L B]], G as [G|[G B']]; try lia. apply before_antisym; assumption.
Qed.
