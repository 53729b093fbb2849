(* Utf8.v: the function that decides rule TXT-2 decides it. No definition of the format stands here;
   those are in Format.v. *)
From Coq Require Import List NArith Bool Lia ZifyBool.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Lemma withinb_iff least most b : withinb least most b = true <-> within least most b.
Proof. unfold withinb, within. rewrite andb_true_iff, !N.leb_le. reflexivity. Qed.

Lemma TXT_2_sequence n s r : (n < 9)%nat ->
  Forall2 (fun b range => within (fst range) (snd range) b) s (nth n sequences []) ->
  utf8 r -> utf8 (s ++ r).
Proof. intros L F U. exact (utf8_more s _ r (nth_In sequences [] L) F U). Qed.

Ltac sequence n s :=
  apply (TXT_2_sequence n s);
    [lia | repeat constructor; cbn; unfold tailb, withinb in *; lia | auto].

Lemma utf8b_sound : forall l, utf8b l = true -> utf8 l.
Proof.
  fix IH 1. intros [|a r]; [constructor|]. cbn.
  destruct (a <=? 127) eqn:A; [intros U; sequence 0%nat [a]|].
  destruct r as [|b r]; [discriminate|].
  destruct (withinb 194 223 a) eqn:B.
  { intros U%andb_true_iff. destruct U. sequence 1%nat [a; b]. }
  destruct r as [|c r]; [discriminate|].
  destruct (threeb a b) eqn:C.
  { intros U%andb_true_iff. destruct U. unfold threeb in C. rewrite !orb_true_iff in C.
    destruct C as [[[C|C]|C]|C];
      [sequence 2%nat [a; b; c] | sequence 3%nat [a; b; c] | sequence 4%nat [a; b; c]
      | sequence 5%nat [a; b; c]]. }
  destruct r as [|d r]; [discriminate|].
  rewrite !andb_true_iff. intros [[[D ?] ?] ?]. unfold fourb in D. rewrite !orb_true_iff in D.
  destruct D as [[D|D]|D];
    [sequence 6%nat [a; b; c; d] | sequence 7%nat [a; b; c; d] | sequence 8%nat [a; b; c; d]].
Qed.

Lemma utf8b_complete l : utf8 l -> utf8b l = true.
Proof.
  induction 1 as [|s ranges r I F _ IH]; [reflexivity|].
  cbn in I. repeat destruct I as [<-|I]; [..|destruct I].
  all: repeat match goal with
       | H : Forall2 _ _ (_ :: _) |- _ => inversion H; subst; clear H
       | H : Forall2 _ _ [] |- _ => inversion H; subst; clear H
       end; unfold within in *; cbn [fst snd tail] in *; cbn; rewrite ?IH.
  all: match goal with |- context [?a <=? 127] =>
         destruct (N.leb_spec a 127); try (exfalso; lia); try reflexivity end.
  all: match goal with |- context [withinb 194 223 ?a] => destruct (withinb 194 223 a) eqn:B end.
  all: unfold withinb in B; try (exfalso; lia).
  1: unfold tailb, withinb; lia.
  all: match goal with |- context [threeb ?a ?b] => destruct (threeb a b) eqn:C end.
  all: unfold threeb, fourb, tailb, withinb in *; clear IH; try lia.
Qed.

Theorem utf8b_iff l : utf8b l = true <-> utf8 l.
Proof. split; [apply utf8b_sound | apply utf8b_complete]. Qed.
