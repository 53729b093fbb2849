(* Number.v: the functions that decide whether bytes are an integer or a number of JSON decide it.
   No definition of the format stands here; those are in Format.v. *)
From Coq Require Import List NArith Bool String Lia ZifyBool.
From Safetensors Require Import Tables Format Decide Utf8.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- How a text starts, and [span]. ---- *)

Lemma starts_cons p b r : starts p (b :: r) <-> p b.
Proof. split; [intros (c & s & [= <- <-] & P); exact P | intros P; exists b, r; auto]. Qed.
Lemma starts_nil p : ~ starts p [].
Proof. intros (b & r & [=] & _). Qed.
Lemma none_of_nil l : none_of l [].
Proof. apply starts_nil. Qed.
Lemma none_of_cons l b r : none_of l (b :: r) <-> ~ In b l.
Proof. unfold none_of. rewrite starts_cons. reflexivity. Qed.

Definition stops (p : N -> bool) (i : bytes) : Prop := ~ starts (fun b => p b = true) i.
Lemma stops_nil p : stops p [].
Proof. apply starts_nil. Qed.
Lemma stops_cons p b r : stops p (b :: r) <-> p b = false.
Proof. unfold stops. rewrite starts_cons. apply not_true_iff_false. Qed.

Lemma span_of p l r : Forall (fun b => p b = true) l -> stops p r -> span p (l ++ r) = (l, r).
Proof.
  intros F S. induction F as [|b l P _ IH]; cbn.
  - destruct r as [|b r]; [reflexivity|]. apply stops_cons in S. cbn. rewrite S. reflexivity.
  - rewrite P, IH. reflexivity.
Qed.
Lemma span_splits p i l r : span p i = (l, r) ->
  i = l ++ r /\ Forall (fun b => p b = true) l /\ stops p r.
Proof.
  revert l r. induction i as [|b i IH]; cbn; intros l r E.
  - injection E as <- <-. auto using stops_nil.
  - destruct (p b) eqn:P.
    + destruct (span p i) as [m s]. injection E as <- <-.
      destruct (IH m s eq_refl) as (-> & F & S). auto.
    + injection E as <- <-. split; [reflexivity|]. split; [constructor|]. apply stops_cons, P.
Qed.

(* ---- Integers and numbers. ---- *)

Lemma digitb_all l : forallb digitb l = true <-> Forall (within 48 57) l.
Proof.
  rewrite forallb_forall, Forall_forall. unfold digitb.
  split; intros H b I; apply withinb_iff, H, I.
Qed.
Lemma digitsb_iff l : digitsb l = true <-> digits l.
Proof.
  unfold digits. rewrite <- digitb_all. destruct l; cbn; [split|]; [discriminate|tauto|].
  split; [split|]; [discriminate|assumption|tauto].
Qed.
Lemma digits_spanned l : digits l -> Forall (fun b => digitb b = true) l.
Proof. intros (_ & F). revert F. apply Forall_impl. intros b. apply withinb_iff. Qed.

Lemma integerb_iff l : integerb l = true <-> integer l.
Proof.
  unfold integer. rewrite <- digitsb_iff. destruct l as [|b r]; cbn [integerb].
  - split; [discriminate | intros [[=]|[S _]]; destruct (starts_nil _ S)].
  - rewrite starts_cons, <- withinb_iff. cbn. unfold digitb at 2.
    destruct (N.eqb_spec b 48) as [->|B].
    + destruct r; split; [auto|auto|discriminate|]. intros [[=]|[[=] _]].
    + split; [right | intros [[= -> _]|H]; [contradiction|]]; unfold withinb in *; lia.
Qed.
Lemma integer_digits l : integer l -> digits l.
Proof.
  intros [->|[_ D]]; [|exact D]. split; [discriminate|]. repeat constructor; discriminate.
Qed.

Definition exponent l := l = [] \/ exists e sign d, l = e ++ sign ++ d
  /\ In e [text "e"; text "E"] /\ In sign [[]; text "+"; text "-"] /\ digits d.
Definition fraction l := l = [] \/ exists d, l = text "." ++ d /\ digits d.

Lemma JSON_5_exponent l : exponentb l = true <-> exponent l.
Proof.
  destruct l as [|e r]; cbn; [split; [left|]; auto|]. split.
  - intros [E S]%andb_true_iff. right. exists [e].
    assert (I : In [e] [text "e"; text "E"]).
    { cbn. destruct (N.eqb_spec e 101) as [->|]; [auto|].
      destruct (N.eqb_spec e 69) as [->|]; [auto|discriminate]. }
    destruct r as [|s d]; [discriminate|]. destruct ((s =? 43) || (s =? 45)) eqn:T.
    + exists [s], d. apply digitsb_iff in S. repeat split; try assumption; try apply S.
      cbn. destruct (N.eqb_spec s 43) as [->|]; [auto|].
      destruct (N.eqb_spec s 45) as [->|]; [auto|discriminate].
    + exists [], (s :: d). apply digitsb_iff in S. repeat split; cbn; auto; apply S.
  - intros [[=]|(x & sign & d & E & X & S & D)].
    assert (B : digitsb d = true) by (apply digitsb_iff, D).
    assert (r = sign ++ d /\ (e =? 101) || (e =? 69) = true) as [-> ->].
    { cbn in X. destruct X as [<-|[<-|[]]]; injection E as -> ->; auto. }
    cbn in S. destruct S as [<-|[<-|[<-|[]]]]; cbn; try exact B.
    destruct d as [|s d]; [discriminate|].
    assert ((s =? 43) || (s =? 45) = false) as ->; [|exact B].
    destruct D as [_ F]. inversion F; subst. unfold within in *. lia.
Qed.
Lemma exponent_stops l : exponent l -> stops digitb l.
Proof.
  intros [->|(e & sign & d & -> & [<-|[<-|[]]] & _)]; [apply stops_nil|..];
    apply stops_cons; reflexivity.
Qed.

Lemma JSON_5_fraction l :
  fractionb l = true <-> exists f e, l = f ++ e /\ fraction f /\ exponent e.
Proof.
  unfold fractionb. split.
  - assert (exponentb l = true -> exists f e, l = f ++ e /\ fraction f /\ exponent e).
    { intros E. exists [], l. split; [reflexivity|]. split; [left; reflexivity|].
      apply JSON_5_exponent, E. }
    destruct l as [|b r]; [auto|]. destruct (N.eqb_spec b 46) as [->|]; [|assumption].
    destruct (span digitb r) as [d e] eqn:S. intros [D E]%andb_true_iff.
    exists (46 :: d), e. destruct (span_splits _ _ _ _ S) as (-> & _).
    split; [reflexivity|]. split; [right|apply JSON_5_exponent, E].
    exists d. split; [reflexivity|]. apply digitsb_iff, D.
  - intros (f & e & -> & F & E). assert (B := proj2 (JSON_5_exponent e) E).
    destruct F as [->|(d & -> & D)].
    + cbn. destruct e as [|b r]; [reflexivity|]. destruct (N.eqb_spec b 46) as [->|]; [|exact B].
      discriminate.
    + cbn. rewrite (span_of _ d e (digits_spanned d D) (exponent_stops e E)), B.
      apply digitsb_iff in D. rewrite D. reflexivity.
Qed.
Lemma fraction_stops f e : fraction f -> exponent e -> stops digitb (f ++ e).
Proof.
  intros [->|(d & -> & _)] E; [apply exponent_stops, E | apply stops_cons; reflexivity].
Qed.

Lemma JSON_5_sound l : numberb l = true -> number l.
Proof.
  unfold numberb, number. intros H.
  assert (M : exists minus u, l = minus ++ u /\ In minus [[]; text "-"]
    /\ match l with b :: r => if b =? 45 then r else l | [] => [] end = u).
  { destruct l as [|b r]; [exists [], []; cbn; auto|].
    destruct (N.eqb_spec b 45) as [->|]; [exists [45], r | exists [], (b :: r)]; cbn; auto. }
  destruct M as (minus & u & -> & M & E). rewrite E in H. clear E.
  destruct (span digitb u) as [int r] eqn:S.
  destruct (span_splits _ _ _ _ S) as (-> & _). apply andb_true_iff in H. destruct H as [I R].
  apply JSON_5_fraction in R. destruct R as (f & e & -> & F & E).
  exists minus, int, f, e. rewrite integerb_iff in I. auto.
Qed.
Lemma JSON_5_complete l : number l -> numberb l = true.
Proof.
  unfold numberb. intros (minus & int & f & e & -> & M & I & F & E).
  assert (S := span_of _ int (f ++ e) (digits_spanned _ (integer_digits _ I))
    (fraction_stops f e F E)).
  assert (R : fractionb (f ++ e) = true) by (apply JSON_5_fraction; exists f, e; auto).
  apply integerb_iff in I. cbn in M. destruct M as [<-|[<-|[]]]; cbn [text app].
  - destruct int as [|b int]; [discriminate|]. cbn [app] in *.
    destruct (N.eqb_spec b 45) as [->|]; [discriminate|].
    rewrite S, I, R. reflexivity.
  - change ((let (i, s) := span digitb (int ++ f ++ e) in integerb i && fractionb s) = true).
    rewrite S, I, R. reflexivity.
Qed.
Lemma numberb_iff l : numberb l = true <-> number l.
Proof. split; [apply JSON_5_sound | apply JSON_5_complete]. Qed.

(* ---- The bytes of numbers. ---- *)

Lemma JSON_5_start b : number_startb b = true <-> In b number_start.
Proof. cbn. unfold number_startb, digitb, withinb. lia. Qed.
Lemma JSON_5_bytes b : number_byteb b = true <-> In b number_bytes.
Proof. cbn. unfold number_byteb, number_startb, digitb, withinb. lia. Qed.

Lemma digits_bytes d b : digits d -> In b d -> In b number_bytes.
Proof.
  intros [_ F] I. rewrite Forall_forall in F. specialize (F b I). apply JSON_5_bytes.
  unfold within, number_byteb, number_startb, digitb, withinb in *. lia.
Qed.
Lemma number_all l b : number l -> In b l -> In b number_bytes.
Proof.
  intros (minus & int & f & e & -> & M & I%integer_digits & F & E). rewrite !in_app_iff.
  assert (one : forall c, number_byteb c = true -> In b [c] -> In b number_bytes).
  { intros c C [<-|[]]. apply JSON_5_bytes, C. }
  intros [B|[B|[B|B]]].
  - destruct M as [<-|[<-|[]]]; [destruct B | eapply one, B; reflexivity].
  - exact (digits_bytes _ _ I B).
  - destruct F as [->|(d & -> & D)]; [destruct B|]. apply in_app_iff in B.
    destruct B as [B|B]; [eapply one, B; reflexivity | exact (digits_bytes _ _ D B)].
  - destruct E as [->|(x & s & d & -> & X & S & D)]; [destruct B|]. rewrite !in_app_iff in B.
    destruct B as [B|[B|B]]; [| |exact (digits_bytes _ _ D B)].
    + destruct X as [<-|[<-|[]]]; eapply one, B; reflexivity.
    + destruct S as [<-|[<-|[<-|[]]]]; [destruct B|..]; eapply one, B; reflexivity.
Qed.
Lemma number_begins l : number l -> starts (fun b => In b number_start) l.
Proof.
  intros (minus & int & f & e & -> & M & I%integer_digits & _). cbn in M.
  destruct M as [<-|[<-|[]]]; [|apply starts_cons; cbn; tauto].
  destruct I as [N F], int as [|b int]; [contradiction|]. apply starts_cons, JSON_5_start.
  inversion F; subst. unfold within, number_startb, digitb, withinb in *. lia.
Qed.
Lemma number_spanned l r : (forall b, In b l -> In b number_bytes) -> none_of number_bytes r ->
  span number_byteb (l ++ r) = (l, r).
Proof.
  intros A S. apply span_of.
  - apply Forall_forall. intros b I. apply JSON_5_bytes, A, I.
  - intros (b & s & -> & B%JSON_5_bytes). apply (none_of_cons _ b s) in S. contradiction.
Qed.
Lemma number_splits i l r : span number_byteb i = (l, r) ->
  i = l ++ r /\ (forall b, In b l -> In b number_bytes) /\ none_of number_bytes r.
Proof.
  intros (-> & A & S)%span_splits. split; [reflexivity|]. split.
  - rewrite Forall_forall in A. intros b I. apply JSON_5_bytes, A, I.
  - intros (b & s & -> & B%JSON_5_bytes). apply stops_cons in S. congruence.
Qed.
