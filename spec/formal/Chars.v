(* Chars.v: the functions for the characters of strings, faults included (JSON-1 to JSON-4, JSON-7),
   find what the grammar says, and nothing else. No definition of the format stands here; those are
   in Format.v. *)
From Coq Require Import List NArith Bool String Lia.
From Safetensors Require Import Tables Format Decide Utf8 Number.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* Takes apart what a hypothesis matches on, the innermost first. *)
Ltac cases H :=
  repeat match type of H with
  | context [match ?x with _ => _ end] =>
    lazymatch x with context [match _ with _ => _ end] => fail | _ => idtac end;
    destruct x eqn:?; try discriminate H
  end.

(* ---- One character of a string. ---- *)

Lemma unit_computed i : unit i = unitb i.
Proof.
  destruct i as [|b [|u r]]; [reflexivity| |].
  { destruct b as [|p]; [reflexivity|]. do 7 (destruct p as [p|p|]; try reflexivity). }
  cbn [unitb]. destruct (N.eqb_spec b 92) as [->|B]; cbn [andb].
  - destruct (N.eqb_spec u 117) as [->|U].
    + destruct r as [|x [|y [|z [|w r]]]]; reflexivity.
    + destruct u as [|p]; [reflexivity|].
      do 7 (destruct p as [p|p|]; try reflexivity; try contradiction).
  - destruct b as [|p]; [reflexivity|].
    do 7 (destruct p as [p|p|]; try reflexivity; try contradiction).
Qed.
Lemma unit_begins i x : unit i = Some x -> exists r, i = 92 :: 117 :: r /\ hex4b r = Some x.
Proof.
  rewrite unit_computed. destruct i as [|b [|u r]]; cbn; try discriminate.
  destruct (N.eqb_spec b 92) as [->|]; [|discriminate].
  destruct (N.eqb_spec u 117) as [->|]; [|discriminate]. eauto.
Qed.
Lemma unit_hex r : unit (92 :: 117 :: r) = hex4b r.
Proof. apply unit_computed. Qed.
Lemma unit_other e r : e <> 117 -> unit (92 :: e :: r) = None.
Proof. intros E. rewrite unit_computed. cbn. destruct (N.eqb_spec e 117); congruence. Qed.

Lemma highb_iff u : highb u = true <-> high u.
Proof. apply withinb_iff. Qed.
Lemma lowb_iff u : lowb u = true <-> low u.
Proof. apply withinb_iff. Qed.
Lemma low_not_high u : low u -> ~ high u.
Proof. unfold low, high, within. lia. Qed.

Definition escape_of (e : N) := find (fun row => fst row =? e) escapes.
Lemma escape_found e row : escape_of e = Some row -> In (e, snd row) escapes.
Proof. intros [I E%N.eqb_eq]%find_some. rewrite <- E, <- surjective_pairing. exact I. Qed.
Lemma escape_missing e : escape_of e = None <-> ~ In e (map fst escapes).
Proof.
  rewrite in_map_iff. split.
  - intros F (row & <- & I). assert (X := find_none _ _ F row I). cbn in X.
    rewrite N.eqb_refl in X. discriminate.
  - intros A. destruct (escape_of e) as [row|] eqn:F; [|reflexivity].
    apply escape_found in F. destruct A. exists (e, snd row). auto.
Qed.

(* A reverse solidus and the letter u, by the code unit behind them. *)
Lemma charb_unit i u j : unit i = Some (u, j) -> charb i =
  if highb u then match unit j with
                  | Some (v, k) => if lowb v then Got (encode (pair u v)) k else Fault JSON_4
                  | None => Fault JSON_4
                  end
  else if lowb u then Fault JSON_4 else Got (encode u) j.
Proof. intros (r & -> & H)%unit_begins. cbn. rewrite H, unit_computed. reflexivity. Qed.
Lemma charb_letter e r : e <> 117 -> charb (92 :: e :: r) =
  match escape_of e with Some row => Got [snd row] r | None => Fault JSON_3 end.
Proof.
  intros E. cbn [charb escapeb N.eqb Pos.eqb]. destruct (N.eqb_spec e 117); [contradiction|].
  unfold escape_of. destruct (find _ escapes) as [[]|]; reflexivity.
Qed.
(* The ways a character can begin. *)
Variant begins : bytes -> Prop :=
| b_end : begins []
| b_solidus : begins [92]
| b_plain b r : b <> 92 -> begins (b :: r)
| b_letter e r : e <> 117 -> begins (92 :: e :: r)
| b_unit i u j : unit i = Some (u, j) -> begins i
| b_bad r : unit (92 :: 117 :: r) = None -> begins (92 :: 117 :: r).
Lemma every_beginning i : begins i.
Proof.
  destruct i as [|b r]; [constructor|].
  destruct (N.eq_dec b 92) as [->|B]; [|constructor; exact B].
  destruct r as [|e r]; [constructor|].
  destruct (N.eq_dec e 117) as [->|E]; [|constructor; exact E].
  destruct (unit (92 :: 117 :: r)) as [[u j]|] eqn:U; [eapply b_unit, U | constructor; exact U].
Qed.
Lemma charb_plain b r : b <> 92 -> charb (b :: r) = if b <? 32 then Fault JSON_2 else Got [b] r.
Proof. intros B. cbn. destruct (N.eqb_spec b 92); [contradiction | reflexivity]. Qed.
Lemma charb_bad r : unit (92 :: 117 :: r) = None -> charb (92 :: 117 :: r) = Fault JSON_3.
Proof. rewrite unit_hex. intros H. cbn. rewrite H. reflexivity. Qed.

(* Goes through the beginnings of the text [i] of which [charb] finds what [H] says. *)
Ltac beginnings i H :=
  destruct (every_beginning i) as [| |b r B|e r E|i u j U|r U];
  [| |rewrite (charb_plain b r B) in H|rewrite (charb_letter e r E) in H
  |rewrite (charb_unit i u j U) in H|rewrite (charb_bad r U) in H]; cases H; try discriminate H.

Lemma JSON_1_char i : char i (Fault JSON_1) <-> charb i = Fault JSON_1.
Proof.
  split.
  - inversion 1 as [| | | |x [<-|[<-|[]]]| | |]; reflexivity.
  - intros H. beginnings i H; apply char_end; cbn; auto.
Qed.
Lemma JSON_2_char i : char i (Fault JSON_2) <-> charb i = Fault JSON_2.
Proof.
  split.
  - inversion 1 as [| | | | |b r B| |]; subst. rewrite charb_plain by lia.
    apply N.ltb_lt in B. rewrite B. reflexivity.
  - intros H. beginnings i H. apply char_control, N.ltb_lt. assumption.
Qed.
Lemma JSON_3_char i : char i (Fault JSON_3) <-> charb i = Fault JSON_3.
Proof.
  split.
  - inversion 1 as [| | | | | |e r M U|]; subst. destruct (N.eq_dec e 117) as [->|E].
    + apply charb_bad, U.
    + rewrite (charb_letter e r E). apply escape_missing in M. rewrite M. reflexivity.
  - intros H. beginnings i H; apply char_unknown; auto.
    + apply escape_missing. assumption.
    + apply unit_other, E.
    + cbn. lia.
Qed.
Lemma JSON_4_char i : char i (Fault JSON_4) <-> charb i = Fault JSON_4.
Proof.
  split.
  - inversion 1 as [| | | | | | |x u j U L]; subst. rewrite (charb_unit _ _ _ U).
    destruct (highb u) eqn:A.
    + destruct L as [L|[_ L]]; [apply highb_iff in A; destruct (low_not_high u L A)|].
      destruct (unit j) as [[v k]|]; [|reflexivity]. destruct (lowb v) eqn:B; [|reflexivity].
      apply lowb_iff in B. destruct (L v k eq_refl B).
    + destruct L as [L|[L _]]; [apply lowb_iff in L; rewrite L; reflexivity|].
      apply highb_iff in L. congruence.
  - intros H. beginnings i H; apply (char_lone _ u j U); rewrite <- ?highb_iff, <- ?lowb_iff.
    + right. split; [assumption|]. intros v r V L%lowb_iff. congruence.
    + right. split; [assumption|]. congruence.
    + left. assumption.
Qed.
Lemma JSON_7_char i c k : char i (Got c k) <-> charb i = Got c k /\ ~ starts (eq 34) i.
Proof.
  split.
  - inversion 1 as [b r L Q S|e b r I|x u r U A B|x u w v r U A V B| | | |]; subst.
    + rewrite charb_plain by exact S. apply N.ltb_ge in L. rewrite L. split; [reflexivity|].
      rewrite starts_cons. congruence.
    + split; [|rewrite starts_cons; discriminate].
      cbn in I. repeat destruct I as [[= <- <-]|I]; [..|destruct I]; reflexivity.
    + rewrite (charb_unit _ _ _ U), <- highb_iff, <- lowb_iff in *.
      apply not_true_iff_false in A, B. rewrite A, B. split; [reflexivity|].
      apply unit_begins in U. destruct U as (s & -> & _). rewrite starts_cons. discriminate.
    + rewrite (charb_unit _ _ _ U), <- highb_iff, <- lowb_iff in *. rewrite A, V, B.
      split; [reflexivity|].
      apply unit_begins in U. destruct U as (s & -> & _). rewrite starts_cons. discriminate.
  - intros [H Q]. beginnings i H; injection H as <- <-.
    + rewrite starts_cons in Q. apply char_itself; [apply N.ltb_ge; assumption|congruence|exact B].
    + apply char_escape, escape_found. assumption.
    + eapply char_pair; eauto; [apply highb_iff|apply lowb_iff]; assumption.
    + apply (char_unit _ _ _ U); rewrite <- ?highb_iff, <- ?lowb_iff; congruence.
Qed.

Lemma char_fault_iff i k : char i (Fault k) <-> charb i = Fault k.
Proof.
  split; intros H.
  - assert (C := H). inversion C; subst;
      [apply JSON_1_char, H|apply JSON_2_char, H|apply JSON_3_char, H|apply JSON_4_char, H].
  - assert (C := H). beginnings i C; injection C as <-; revert H;
      first [apply JSON_1_char|apply JSON_2_char|apply JSON_3_char|apply JSON_4_char].
Qed.

(* ---- The characters up to the quotation mark that closes. ---- *)

Lemma option_map_some {A B} (f : A -> B) o b :
  option_map f o = Some b -> exists a, o = Some a /\ b = f a.
Proof. destruct o as [a|]; [|discriminate]. intros [= <-]. eauto. Qed.

(* Of [H : option_map f x = Some o'] makes [o' = f p], where [A] says what [x] can be. *)
Ltac found H A :=
  apply option_map_some in H; destruct H as (? & H & ->); rewrite (A _ _ H); reflexivity.

Lemma charsb_sound n : forall i o, charsb n i = Some o -> chars i o.
Proof.
  induction n as [|n IH]; intros i o H; [discriminate|]. destruct i as [|b r].
  { injection H as <-. apply chars_fault, char_fault_iff. reflexivity. }
  cbn [charsb] in H. destruct (N.eqb_spec b 34) as [->|Q]; [injection H as <-; constructor|].
  destruct (charb (b :: r)) as [c j|k] eqn:C.
  - apply option_map_some in H. destruct H as (p & H & ->).
    apply (chars_more _ c j); [|apply IH, H].
    apply JSON_7_char. split; [exact C|]. rewrite starts_cons. congruence.
  - injection H as <-. apply chars_fault, char_fault_iff, C.
Qed.

Lemma charsb_agrees i o : chars i o -> forall n o', charsb n i = Some o' -> o' = o.
Proof.
  induction 1 as [r|i k C|i c j o C _ IH]; intros [|n] o' H; try discriminate.
  - injection H as <-. reflexivity.
  - apply char_fault_iff in C. destruct i as [|b r]; [cbn in *; congruence|]. cbn [charsb] in H.
    destruct (N.eqb_spec b 34) as [->|Q]; [discriminate|]. rewrite C in H. congruence.
  - apply JSON_7_char in C. destruct C as [C Q]. destruct i as [|b r]; [discriminate|].
    cbn [charsb] in H. rewrite starts_cons in Q.
    destruct (N.eqb_spec b 34); [congruence|]. rewrite C in H. found H IH.
Qed.

(* What stands at the start of a text leaves less of it. *)
Definition shorter {A : Set} (i : bytes) (o : outcome A) : Prop :=
  match o with Got _ r => (List.length r < List.length i)%nat | Fault _ => True end.
Lemma shorter_turn {A B : Set} (f : A -> B) i j o :
  shorter j o -> (List.length j <= List.length i)%nat -> shorter i (turn f o).
Proof. destruct o; cbn; lia. Qed.

Lemma unit_shorter i u j : unit i = Some (u, j) -> (List.length j < List.length i)%nat.
Proof.
  intros (r & -> & H)%unit_begins. unfold hex4b in H. cases H. injection H as _ <-. cbn. lia.
Qed.
Lemma charb_shorter i : shorter i (charb i).
Proof.
  destruct (charb i) as [c w|] eqn:H; [|exact I]. cbn. beginnings i H; injection H as _ <-; cbn.
  - lia.
  - lia.
  - apply unit_shorter in U, Heqo. lia.
  - apply unit_shorter in U. exact U.
Qed.
Lemma charsb_total n : forall i, (List.length i < n)%nat ->
  exists o, charsb n i = Some o /\ shorter i o.
Proof.
  induction n as [|n IH]; intros i L; [lia|].
  destruct i as [|b r]; [eexists; split; [reflexivity|exact I]|].
  cbn [charsb]. destruct (b =? 34); [eexists; split; [reflexivity|cbn; lia]|].
  assert (S := charb_shorter (b :: r)). destruct (charb (b :: r)) as [c j|k].
  - cbn in S, L. destruct (IH j) as (o & -> & T); [lia|]. eexists. split; [reflexivity|].
    apply (shorter_turn _ _ j); [exact T|cbn; lia].
  - eexists. split; [reflexivity|exact I].
Qed.
