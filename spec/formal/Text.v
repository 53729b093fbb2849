(* Text.v: the functions for stage 2 decide its rules: what is read of a header text is what the
   grammar says, and a rule of the stage is found broken if and only if it is. One lemma stands for
   each rule. No definition of the format stands here; those are in Format.v. *)
From Coq Require Import List NArith Bool String Lia.
From Safetensors Require Import Tables Format Decide.
From Safetensors Require Export Utf8 Number Grammar.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- The header text that is judged by the grammar, and what it holds. ---- *)

Lemma readable_iff header : readable header <->
  utf8b header && match header with b :: _ => (b =? 123) || space b | [] => false end = true.
Proof.
  unfold readable. rewrite andb_true_iff, utf8b_iff. destruct header as [|b r].
  - split; intros [_ H]; [destruct (starts_nil _ H)|discriminate].
  - rewrite starts_cons, orb_true_iff, N.eqb_eq. reflexivity.
Qed.
(* What begins as an object is one, and an object begins so. *)
Lemma object_begun i v after :
  ~ none_of [123] i -> value i (Got v after) -> exists ms, v = JObject ms.
Proof.
  intros (b & r & -> & [<-|[]])%some_of V.
  inversion V as [l w s I X|l s L N X| | | | | |x o _ M X Y|]; subst.
  - cbn in I. repeat destruct I as [[= <- <-]|I]; [..|destruct I]; discriminate.
  - apply number_begins, (starts_app _ _ after) in L. rewrite X, starts_cons in L. cbn in L. lia.
  - eauto.
  - destruct o; [|discriminate]. injection Y as <- _. eauto.
Qed.
(* What stands where the object should. *)
Lemma parsedb_some header o : parsedb header = Some o <-> readable header /\
  (none_of [123] (skip header) /\ o = Fault JSON_1 \/
   ~ none_of [123] (skip header) /\ value (skip header) (turn JObject o)).
Proof.
  rewrite readable_iff, <- strip_none. unfold parsedb. destruct (_ && _).
  2: { split; [discriminate|intros [[=] _]]. }
  destruct (strip [123] (skip header)) as [j|] eqn:S.
  2: { split; [intros [= <-]; auto | intros (_ & [[_ ->]|[[] _]]); reflexivity]. }
  assert (P := proj2 (parse_iff (skip header) _) eq_refl).
  assert (B : ~ none_of [123] (skip header)) by (rewrite <- strip_none; congruence).
  destruct (parse (skip header)) as [v after|k].
  - destruct (object_begun _ _ _ B P) as (ms & ->). split.
    + intros [= <-]. split; [reflexivity|]. right. split; [discriminate|exact P].
    + intros (_ & [[[=] _]|[_ V]]). apply (value_unique _ _ _ P) in V.
      destruct o; [|discriminate]. injection V as -> ->. reflexivity.
  - split.
    + intros [= <-]. split; [reflexivity|]. right. split; [discriminate|exact P].
    + intros (_ & [[[=] _]|[_ V]]). apply (value_unique _ _ _ P) in V.
      destruct o; [discriminate|]. injection V as ->. reflexivity.
Qed.

Lemma object_begins i ms after : value i (Got (JObject ms) after) -> ~ none_of [123] i.
Proof.
  inversion 1; subst; rewrite ?none_of_cons; cbn; auto.
  - match goal with H : In _ words |- _ => cbn in H; repeat destruct H as [[=]|H]; destruct H end.
  - destruct o; discriminate.
  - destruct o; discriminate.
Qed.

Theorem parsed_iff header ms after :
  parsed header ms after <-> parsedb header = Some (Got ms after).
Proof.
  rewrite parsedb_some. unfold parsed. cbn [turn]. split.
  - intros [R V]. split; [exact R|]. right. split; [exact (object_begins _ _ _ V)|exact V].
  - intros (R & [[_ [=]]|[_ V]]). auto.
Qed.

Lemma same_rule_iff a b : same_rule a b = true <-> a = b.
Proof.
  unfold same_rule. rewrite N.eqb_eq. split; [|congruence]. intros E.
  assert (P : forall r s, nth (N.to_nat (rank r)) rules s = r) by (intros []; reflexivity).
  rewrite <- (P a a), E. apply P.
Qed.
Lemma fault_found header r :
  match parsedb header with Some (Fault k) => same_rule k r | _ => false end = true <->
  readable header /\ (none_of [123] (skip header) /\ r = JSON_1 \/
                      ~ none_of [123] (skip header) /\ value (skip header) (Fault r)).
Proof.
  transitivity (parsedb header = Some (Fault r)).
  - destruct (parsedb header) as [[ms after|k]|]; [|rewrite same_rule_iff|]; split; congruence.
  - rewrite parsedb_some. cbn [turn]. intuition congruence.
Qed.

(* ---- One lemma for each rule. ---- *)

Lemma TXT_1_decided ln header :
  text_brokenb ln header (parsedb header) TXT_1 = true <-> text_broken ln header TXT_1.
Proof.
  cbn. rewrite negb_true_iff, <- not_true_iff_false. apply not_iff_compat.
  destruct header as [|b r].
  - split; [discriminate|intros H; destruct (starts_nil _ H)].
  - rewrite starts_cons, orb_true_iff, andb_true_iff, N.eqb_eq. reflexivity.
Qed.
Lemma TXT_2_decided ln header :
  text_brokenb ln header (parsedb header) TXT_2 = true <-> text_broken ln header TXT_2.
Proof. cbn. rewrite negb_true_iff, <- not_true_iff_false, utf8b_iff. reflexivity. Qed.
Lemma JSON_1_decided ln header :
  text_brokenb ln header (parsedb header) JSON_1 = true <-> text_broken ln header JSON_1.
Proof.
  cbn [text_brokenb text_broken]. rewrite fault_found. apply and_iff_compat_l.
  split; [tauto|]. intros V. destruct (strip [123] (skip header)) eqn:S.
  - right. rewrite <- strip_none in *. split; [congruence|]. apply V. congruence.
  - left. apply strip_none in S. auto.
Qed.
Lemma JSON_2_decided ln header :
  text_brokenb ln header (parsedb header) JSON_2 = true <-> text_broken ln header JSON_2.
Proof. cbn [text_brokenb text_broken]. rewrite fault_found. intuition discriminate. Qed.
Lemma JSON_3_decided ln header :
  text_brokenb ln header (parsedb header) JSON_3 = true <-> text_broken ln header JSON_3.
Proof. cbn [text_brokenb text_broken]. rewrite fault_found. intuition discriminate. Qed.
Lemma JSON_4_decided ln header :
  text_brokenb ln header (parsedb header) JSON_4 = true <-> text_broken ln header JSON_4.
Proof. cbn [text_brokenb text_broken]. rewrite fault_found. intuition discriminate. Qed.
Lemma JSON_5_decided ln header :
  text_brokenb ln header (parsedb header) JSON_5 = true <-> text_broken ln header JSON_5.
Proof. cbn [text_brokenb text_broken]. rewrite fault_found. intuition discriminate. Qed.
Lemma PAD_1_decided ln header :
  text_brokenb ln header (parsedb header) PAD_1 = true <-> text_broken ln header PAD_1.
Proof.
  cbn [text_brokenb text_broken].
  transitivity (exists ms after, parsedb header = Some (Got ms after) /\
    existsb (fun b => negb ((b =? 32) || ln trailing_whitespace && space b)) after = true).
  - destruct (parsedb header) as [[ms after|k]|]; (split; [try discriminate; eauto|]).
    + intros (? & ? & [= -> ->] & H). exact H.
    + intros (? & ? & [=] & _).
    + intros (? & ? & [=] & _).
  - split; intros (ms & after & H).
    + destruct H as [P (b & I & B)%existsb_exists]. exists ms, after, b. rewrite parsed_iff.
      split; [exact P|]. split; [exact I|]. apply negb_true_iff, not_true_iff_false in B.
      rewrite orb_true_iff, andb_true_iff, N.eqb_eq in B. exact B.
    + destruct H as (b & P & I & B). exists ms, after. rewrite <- parsed_iff. split; [exact P|].
      apply existsb_exists. exists b. split; [exact I|]. apply negb_true_iff, not_true_iff_false.
      rewrite orb_true_iff, andb_true_iff, N.eqb_eq. exact B.
Qed.

Theorem text_brokenb_iff ln header r :
  text_brokenb ln header (parsedb header) r = true <-> text_broken ln header r.
Proof.
  destruct r;
    first [apply TXT_1_decided | apply TXT_2_decided | apply JSON_1_decided | apply JSON_2_decided
          |apply JSON_3_decided | apply JSON_4_decided | apply JSON_5_decided | apply PAD_1_decided
          |split; [discriminate | intros []]].
Qed.
