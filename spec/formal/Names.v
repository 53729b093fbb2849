(* Names.v: lemmas on names and on lists of members: when two names are the same, the order of
   names, lists without a repeated name, and the last member of each name. Nothing here speaks of a
   rule, and no definition of the format stands here. *)
From Coq Require Import List NArith Bool Sorted Permutation Mergesort Lia.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- The same name ---- *)

Lemma same_iff a b : same a b = true <-> a = b.
Proof. unfold same. destruct (list_eq_dec N.eq_dec a b); split; congruence. Qed.

Lemma inb_iff k l : inb k l = true <-> In k l.
Proof.
  unfold inb. rewrite existsb_exists. split.
  - intros (x & I & E). apply same_iff in E. now subst.
  - intros I. exists k. split; [exact I|]. now apply same_iff.
Qed.

Lemma named_in {A} k (l : list (bytes * A)) : existsb (named k) l = true <-> In k (keys l).
Proof.
  unfold keys. rewrite existsb_exists, in_map_iff.
  split; intros (m & H); exists m; unfold named in *; rewrite same_iff in *; intuition.
Qed.

(* ---- The order of names ---- *)

Lemma before_trans a b c : before a b = true -> before b c = true -> before a c = true.
Proof.
  revert b c. induction a as [|x a IH]; intros [|y b] [|z c]; cbn; try easy.
  rewrite !orb_true_iff, !andb_true_iff, !N.ltb_lt, !N.eqb_eq.
  intros [H|[H H']] [K|[K K']]; try (left; lia). right. split; [lia|]. eauto.
Qed.

Lemma before_antisym a b : before a b = true -> before b a = true -> a = b.
Proof.
  revert b. induction a as [|x a IH]; intros [|y b]; cbn; try easy.
  rewrite !orb_true_iff, !andb_true_iff, !N.ltb_lt, !N.eqb_eq.
  intros [H|[H H']] [K|[K K']]; try lia. f_equal; auto.
Qed.

Lemma before_total a b : before a b = true \/ before b a = true.
Proof. apply NameOrder.leb_total. Qed.

(* ---- No name twice ---- *)

Lemma no_twins_iff l :
  StronglySorted (fun a b => before a b = true) l -> no_twins l = true <-> NoDup l.
Proof.
  induction l as [|a l IH]; intros S; [cbn; intuition constructor|].
  inversion S as [|? ? S' F]; subst. destruct l as [|b l].
  - split; [|reflexivity]. intros _. repeat constructor. easy.
  - change (no_twins (a :: b :: l)) with (negb (same a b) && no_twins (b :: l)).
    rewrite andb_true_iff, (IH S'), negb_true_iff, <- not_true_iff_false, same_iff. split.
    + intros [D U]. constructor; [|exact U]. intros [->|I]; [easy|]. apply D.
      inversion S' as [|? ? _ F']; subst. rewrite Forall_forall in F, F'.
      apply before_antisym; [apply F; now left|now apply F'].
    + intros U. inversion U as [|? ? D U']; subst. split; [|exact U'].
      intros ->. apply D. now left.
Qed.

Theorem nodupb_iff l : nodupb l = true <-> NoDup l.
Proof.
  unfold nodupb. rewrite no_twins_iff.
  - split; apply Permutation_NoDup; [symmetry|]; apply NameSort.Permuted_sort.
  - apply NameSort.StronglySorted_sort. intros a b c. apply before_trans.
Qed.

(* ---- The last member of each name ---- *)

Lemma last_of_each_in {A} m (l : list (bytes * A)) : In m (last_of_each l) -> In m l.
Proof.
  induction l as [|a l IH]; cbn; [easy|]. destruct existsb; cbn; intuition.
Qed.

Lemma last_of_each_keys {A} (l : list (bytes * A)) : NoDup (keys (last_of_each l)).
Proof.
  induction l as [|a l IH]; cbn; [constructor|].
  destruct (existsb (named (fst a)) l) eqn:E; [exact IH|].
  cbn. constructor; [|exact IH]. rewrite <- not_true_iff_false, named_in in E.
  intros I. apply E. unfold keys in *. rewrite in_map_iff in *. destruct I as (m & M & I).
  exists m. split; [exact M|]. now apply last_of_each_in.
Qed.

Lemma last_of_each_nodup {A} (l : list (bytes * A)) : NoDup (keys l) -> last_of_each l = l.
Proof.
  induction l as [|a l IH]; cbn; [easy|]. intros U. inversion U as [|? ? D U']; subst.
  fold (keys l) in D. rewrite <- named_in, not_true_iff_false in D. now rewrite D, IH.
Qed.

(* ---- Options and lists ---- *)

Lemma someb_iff {A} (p : A -> bool) o : someb p o = true <-> exists a, o = Some a /\ p a = true.
Proof.
  split; [destruct o as [a|]; [eauto|easy]|]. now intros (a & -> & H).
Qed.

Lemma noneb_iff {A} (o : option A) : noneb o = true <-> o = None.
Proof. now destruct o. Qed.

Lemma find_filter {A} (p : A -> bool) l : find p l = hd_error (filter p l).
Proof. induction l as [|a l IH]; cbn; [easy|]. now destruct (p a). Qed.
