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

(* [s], by the row [n] of the table: each byte is within its range. *)
Ltac sequence n s :=
  apply (TXT_2_sequence n s); [lia | repeat constructor; cbn; unfold within in *; lia | auto].

Lemma TXT_2_sound : forall l, utf8b l = true -> utf8 l.
Proof.
  fix IH 1. intros [|a r]; [constructor|]. cbn. unfold threeb, fourb, tailb.
  destruct (N.leb_spec a 127) as [A|_]; [intros U; sequence 0%nat [a]|].
  destruct r as [|b r]; [discriminate|].
  destruct (withinb 194 223 a) eqn:B.
  { rewrite andb_true_iff, !withinb_iff in *. intros []. sequence 1%nat [a; b]. }
  destruct r as [|c r]; [discriminate|]. clear B.
  destruct (_ || withinb 238 239 a && _) eqn:C.
  { rewrite !orb_true_iff, !andb_true_iff, !withinb_iff, !N.eqb_eq in *. intros [T U].
    destruct C as [[[[]|[]]|[]]|[]];
      [sequence 2%nat [a; b; c] | sequence 3%nat [a; b; c] | sequence 4%nat [a; b; c]
      | sequence 5%nat [a; b; c]]. }
  destruct r as [|d r]; [discriminate|]. clear C.
  rewrite !andb_true_iff, !orb_true_iff, !andb_true_iff, !withinb_iff, !N.eqb_eq.
  intros [[[D T] T'] U]. destruct D as [[[]|[]]|[]];
    [sequence 6%nat [a; b; c; d] | sequence 7%nat [a; b; c; d] | sequence 8%nat [a; b; c; d]].
Qed.

Lemma TXT_2_complete l : utf8 l -> utf8b l = true.
Proof.
  induction 1 as [|s ranges r I F _ IH]; [reflexivity|].
  cbn in I. repeat destruct I as [<-|I]; [..|destruct I].
  all: repeat match goal with
       | H : Forall2 _ _ (_ :: _) |- _ => inversion H; subst; clear H
       | H : Forall2 _ _ [] |- _ => inversion H; subst; clear H
       end; unfold within in *; cbn [fst snd tail] in *; cbn; rewrite IH; clear IH.
  all: match goal with |- context [?a <=? 127] =>
         destruct (N.leb_spec a 127); try (exfalso; lia); try reflexivity end.
  all: match goal with |- context [withinb 194 223 ?a] => destruct (withinb 194 223 a) eqn:B end.
  all: unfold withinb in B; try (exfalso; lia).
  1: unfold tailb, withinb; lia.
  all: match goal with |- context [threeb ?a ?b] => destruct (threeb a b) eqn:C end.
  all: unfold threeb, fourb, tailb, withinb in *; try lia.
Qed.

Theorem utf8b_iff l : utf8b l = true <-> utf8 l.
Proof. split; [apply TXT_2_sound | apply TXT_2_complete]. Qed.
