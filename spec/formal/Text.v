(* Text.v: stage 2. The parser finds what stands at the start of a text, faults included, and nothing
   else: it is sound, complete and total, so the grammar is unambiguous; and the function for the
   rules of the stage decides them. No definition of the format stands here; those are in Format.v. *)
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

(* ---- What the grammar says of single texts. ---- *)

Lemma strip_iff l i r : strip l i = Some r <-> i = l ++ r.
Proof.
  revert i. induction l as [|a l IH]; intros i; cbn; [split; congruence|].
  destruct i as [|b i]; [split; discriminate|]. destruct (N.eqb_spec a b) as [->|A].
  - rewrite IH. split; congruence.
  - split; congruence.
Qed.
Lemma strip_none b i : strip [b] i = None <-> none_of [b] i.
Proof.
  destruct i as [|c i]; cbn; [split; auto using none_of_nil|]. rewrite none_of_cons. cbn.
  destruct (N.eqb_spec b c); split; try discriminate; tauto.
Qed.
Lemma strip_none_iff b i : strip [b] i <> None <-> ~ none_of [b] i.
Proof. rewrite strip_none. reflexivity. Qed.

Lemma word_found l v r : In (l, v) words -> wordb words (l ++ r) = Got v r.
Proof. cbn [words In]. intros I. repeat destruct I as [[= <- <-]|I]; [..|destruct I]; reflexivity. Qed.
Lemma word_sound rows i v r :
  wordb rows i = Got v r -> exists l, In (l, v) rows /\ i = l ++ r.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [discriminate|]. destruct (strip l i) as [s|] eqn:S.
  - intros [= <- <-]. exists l. apply strip_iff in S. auto.
  - intros H. destruct (IH H) as (m & I & E). exists m. auto.
Qed.
Lemma word_missing rows i :
  (exists k, wordb rows i = Fault k) <-> forall l v r, In (l, v) rows -> i <> l ++ r.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [split; [intros _ l v r [] | eauto]|].
  destruct (strip l i) as [s|] eqn:S.
  - split; [intros [k [=]]|]. apply strip_iff in S. intros H. destruct (H l w s); auto.
  - rewrite IH. split; [|intros H m v r I; apply (H m v r); auto].
    intros H m v r [[= <- <-]|I]; [|apply (H m v r I)]. rewrite <- strip_iff. congruence.
Qed.
Lemma word_fault rows i k : wordb rows i = Fault k -> k = JSON_1.
Proof.
  induction rows as [|[l w] rows IH]; cbn; [congruence|]. destruct (strip l i); [discriminate|exact IH].
Qed.

Lemma starts_app p l r : starts p l -> starts p (l ++ r).
Proof. intros (b & s & -> & P). apply starts_cons, P. Qed.
Lemma some_of l i : ~ none_of l i -> starts (fun b => In b l) i.
Proof.
  destruct i as [|b r]; [intros N; destruct (N (none_of_nil l))|]. rewrite none_of_cons, starts_cons.
  intros N. destruct (in_dec N.eq_dec b l); [assumption | contradiction].
Qed.

Lemma JSON_5_number i : starts (fun b => In b number_start) i ->
  value i (Fault JSON_5) <-> numberb (fst (span number_byteb i)) = false.
Proof.
  intros S. split.
  - inversion 1; subst; try (rewrite starts_cons in S; cbn in S; lia).
    rewrite number_spanned, <- not_true_iff_false, numberb_iff by assumption. assumption.
  - destruct (span number_byteb i) as [l r] eqn:E. destruct (number_splits _ _ _ E) as (-> & A & B).
    cbn. rewrite <- not_true_iff_false, numberb_iff. intros W. apply x_number; auto.
    destruct S as (b & s & E' & I). intros C. destruct l as [|c l].
    + cbn in E'. subst. rewrite none_of_cons in B. destruct B. cbn in *. tauto.
    + injection E' as -> <-. rewrite none_of_cons in C. contradiction.
Qed.
Lemma JSON_1_other i : none_of (number_start ++ [34; 91; 123]) i ->
  value i (Fault JSON_1) <-> wordb words i = Fault JSON_1.
Proof.
  intros S. split.
  - inversion 1; subst; try (rewrite none_of_cons in S; cbn in S; tauto).
    destruct (proj2 (word_missing words i)) as [k E]; [assumption|].
    rewrite (word_fault _ _ _ E) in E. exact E.
  - intros E. apply x_other; [exact S|]. apply word_missing. eauto.
Qed.
Lemma JSON_1_elements i : elements i (Fault JSON_1) <-> value (skip i) (Fault JSON_1)
  \/ exists v j, value (skip i) (Got v j) /\
     (none_of [44; 93] (skip j) \/ exists k, skip j = 44 :: k /\ elements k (Fault JSON_1)).
Proof.
  split.
  - inversion 1 as [| |x v j k o V S E X T|]; subst; eauto 6. destruct o; [discriminate|].
    injection T as ->. eauto 8.
  - intros [V|(v & j & V & [S|(k & S & E)])];
      [apply e_fault, V | eapply e_other, S; exact V | exact (e_more _ _ _ _ _ V S E)].
Qed.
Lemma JSON_1_members i : members i (Fault JSON_1) <-> member i (Fault JSON_1)
  \/ exists m j, member i (Got m j) /\
     (none_of [44; 125] (skip j) \/ exists k, skip j = 44 :: k /\ members k (Fault JSON_1)).
Proof.
  split.
  - inversion 1 as [| |x m j k o V S E X T|]; subst; eauto 6. destruct o; [discriminate|].
    injection T as ->. eauto 8.
  - intros [V|(m & j & V & [S|(k & S & E)])];
      [apply m_fault, V | eapply m_other, S; exact V | exact (m_more _ _ _ _ _ V S E)].
Qed.
Lemma JSON_1_member i : member i (Fault JSON_1) <-> none_of [34] (skip i)
  \/ exists j, skip i = 34 :: j /\ (chars j (Fault JSON_1) \/ exists s l, chars j (Got s l) /\
     (none_of [58] (skip l) \/ exists m, skip l = 58 :: m /\ value (skip m) (Fault JSON_1))).
Proof.
  split.
  - inversion 1 as [|x j k Q C|x j s l Q C K|x j s l m o Q C K V X T]; subst; [auto|right..].
    1, 2: eauto 8.
    destruct o; [discriminate|]. injection T as ->. exists j. split; [exact Q|]. right. eauto 8.
  - intros [S|(j & S & [C|(s & l & C & [K|(m & K & V)])])];
      [apply k_none, S | exact (k_fault _ _ _ S C) | exact (k_colon _ _ _ _ S C K)
      | exact (k_value _ _ _ _ _ _ S C K V)].
Qed.

(* ---- The parser finds only what the grammar says. ---- *)

Lemma option_map_some {A B} (f : A -> B) o b :
  option_map f o = Some b -> exists a, o = Some a /\ b = f a.
Proof. destruct o as [a|]; [|discriminate]. intros [= <-]. eauto. Qed.

Lemma charsb_sound n : forall i o, charsb n i = Some o -> chars i o.
Proof.
  induction n as [|n IH]; intros i o H; [discriminate|]. destruct i as [|b r].
  { injection H as <-. apply chars_fault, char_fault_iff. reflexivity. }
  cbn [charsb] in H. destruct (N.eqb_spec b 34) as [->|Q]; [injection H as <-; constructor|].
  destruct (charb (b :: r)) as [c j|k] eqn:C.
  - apply option_map_some in H. destruct H as (p & H & ->). apply (chars_more _ c j); [|apply IH, H].
    apply JSON_7_char. split; [exact C|]. rewrite starts_cons. congruence.
  - injection H as <-. apply chars_fault, char_fault_iff, C.
Qed.

Lemma leaf_sound b r : b <> 34 -> b <> 91 -> b <> 123 ->
  value (b :: r) (if number_startb b
                  then let (l, j) := span number_byteb (b :: r) in
                       if numberb l then Got (JNumber l) j else Fault JSON_5
                  else wordb words (b :: r)).
Proof.
  intros Q A O. destruct (number_startb b) eqn:S.
  - destruct (span number_byteb (b :: r)) as [l j] eqn:E.
    destruct (number_splits _ _ _ E) as (I & _ & N). destruct (numberb l) eqn:L.
    + rewrite I. apply v_number; [apply numberb_iff, L | exact N].
    + apply JSON_5_number; [apply starts_cons, number_startb_iff, S | rewrite E; exact L].
  - destruct (wordb words (b :: r)) as [v j|k] eqn:W.
    + apply word_sound in W. destruct W as (l & I & ->). apply v_word, I.
    + assert (k = JSON_1) as -> by exact (word_fault _ _ _ W). apply JSON_1_other; [|exact W].
      rewrite none_of_cons, in_app_iff, <- number_startb_iff, S. cbn. intuition congruence.
Qed.

Lemma parser_sound n :
  (forall i o, valueb n i = Some o -> value i o) /\
  (forall i o, elementsb n i = Some o -> elements i o) /\
  (forall i o, membersb n i = Some o -> members i o) /\
  (forall i o, memberb n i = Some o -> member i o).
Proof.
  induction n as [|n (IV & IE & IM & IK)]; [repeat split; discriminate|].
  split; [|split; [|split]]; intros i o H.
  - destruct i as [|b r].
    { injection H as <-. apply JSON_1_other; [apply none_of_nil | reflexivity]. }
    cbn [valueb] in H. destruct (N.eqb_spec b 34) as [->|Q].
    { apply option_map_some in H. destruct H as (p & H & ->). eapply v_string, charsb_sound, H. }
    destruct (N.eqb_spec b 91) as [->|A].
    { destruct (strip [93] (skip r)) as [j|] eqn:S.
      - injection H as <-. apply v_array_0. apply strip_iff in S. exact S.
      - apply option_map_some in H. destruct H as (p & H & ->).
        apply v_array; [apply strip_none, S | apply IE, H]. }
    destruct (N.eqb_spec b 123) as [->|O].
    { destruct (strip [125] (skip r)) as [j|] eqn:S.
      - injection H as <-. apply v_object_0. apply strip_iff in S. exact S.
      - apply option_map_some in H. destruct H as (p & H & ->).
        apply v_object; [apply strip_none, S | apply IM, H]. }
    assert (L := leaf_sound b r Q A O).
    destruct (number_startb b); [destruct (span _ _)|]; injection H as <-; exact L.
  - cbn [elementsb] in H. destruct (valueb n (skip i)) as [[v j|k]|] eqn:V; [| |discriminate];
      apply IV in V; [|injection H as <-; apply e_fault, V].
    destruct (skip j) as [|b k] eqn:S.
    { injection H as <-. apply JSON_1_elements. right. exists v, j. rewrite S. auto using none_of_nil. }
    destruct (N.eqb_spec b 93) as [->|B]; [injection H as <-; exact (e_last _ _ _ _ V S)|].
    destruct (N.eqb_spec b 44) as [->|C].
    + apply option_map_some in H. destruct H as (p & H & ->).
      exact (e_more _ _ _ _ _ V S (IE _ _ H)).
    + injection H as <-. apply JSON_1_elements. right. exists v, j. rewrite S, none_of_cons. cbn.
      split; [exact V|left; lia].
  - cbn [membersb] in H. destruct (memberb n i) as [[m j|k]|] eqn:K; [| |discriminate];
      apply IK in K; [|injection H as <-; apply m_fault, K].
    destruct (skip j) as [|b k] eqn:S.
    { injection H as <-. apply JSON_1_members. right. exists m, j. rewrite S. auto using none_of_nil. }
    destruct (N.eqb_spec b 125) as [->|B]; [injection H as <-; exact (m_last _ _ _ _ K S)|].
    destruct (N.eqb_spec b 44) as [->|C].
    + apply option_map_some in H. destruct H as (p & H & ->).
      exact (m_more _ _ _ _ _ K S (IM _ _ H)).
    + injection H as <-. apply JSON_1_members. right. exists m, j. rewrite S, none_of_cons. cbn.
      split; [exact K|left; lia].
  - cbn [memberb] in H. destruct (strip [34] (skip i)) as [j|] eqn:Q.
    2: { injection H as <-. apply JSON_1_member. left. apply strip_none, Q. }
    apply strip_iff in Q. destruct (charsb n j) as [[s k|k]|] eqn:C; [| |discriminate];
      apply charsb_sound in C; [|injection H as <-; exact (k_fault _ _ _ Q C)].
    destruct (strip [58] (skip k)) as [l|] eqn:L.
    + apply strip_iff in L. apply option_map_some in H. destruct H as (p & H & ->).
      exact (k_value _ _ _ _ _ _ Q C L (IV _ _ H)).
    + injection H as <-. apply JSON_1_member. right. exists j. split; [exact Q|]. right.
      exists s, k. split; [exact C|]. left. apply strip_none, L.
Qed.

(* ---- What the grammar says, the parser finds, if it finds anything. ---- *)

Scheme value_least := Minimality for value Sort Prop
  with elements_least := Minimality for elements Sort Prop
  with members_least := Minimality for members Sort Prop
  with member_least := Minimality for member Sort Prop.
Combined Scheme grammar_least from value_least, elements_least, members_least, member_least.

(* Of [H : option_map f x = Some o'] makes [o' = f p], where [A] says what [x] can be. *)
Ltac found H A :=
  apply option_map_some in H; destruct H as (? & H & ->); rewrite (A _ _ H); reflexivity.

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

Lemma valueb_number n i : starts (fun b => In b number_start) i -> valueb (S n) i = Some
  (let (l, j) := span number_byteb i in if numberb l then Got (JNumber l) j else Fault JSON_5).
Proof.
  intros (b & r & -> & I). cbn [valueb]. rewrite <- number_startb_iff in I. rewrite I.
  destruct (N.eqb_spec b 34) as [->|]; [discriminate|].
  destruct (N.eqb_spec b 91) as [->|]; [discriminate|].
  destruct (N.eqb_spec b 123) as [->|]; [discriminate|].
  destruct (span number_byteb (b :: r)). reflexivity.
Qed.
Lemma valueb_other n i : none_of (number_start ++ [34; 91; 123]) i ->
  valueb (S n) i = Some (wordb words i).
Proof.
  destruct i as [|b r]; [reflexivity|]. rewrite none_of_cons, in_app_iff, <- number_startb_iff.
  intros O. cbn [valueb]. destruct (number_startb b); [destruct O; auto|].
  destruct (N.eqb_spec b 34) as [->|]; [destruct O; cbn; auto|].
  destruct (N.eqb_spec b 91) as [->|]; [destruct O; cbn; auto|].
  destruct (N.eqb_spec b 123) as [->|]; [destruct O; cbn; auto|]. reflexivity.
Qed.

Lemma parser_agrees :
  (forall i o, value i o -> forall n o', valueb n i = Some o' -> o' = o) /\
  (forall i o, elements i o -> forall n o', elementsb n i = Some o' -> o' = o) /\
  (forall i o, members i o -> forall n o', membersb n i = Some o' -> o' = o) /\
  (forall i o, member i o -> forall n o', memberb n i = Some o' -> o' = o).
Proof.
  apply grammar_least.
  (* Words and numbers. *)
  - intros l v r I [|n] o' H; [discriminate|]. cbn [words In] in I.
    repeat destruct I as [[= <- <-]|I]; [..|destruct I]; injection H as <-; reflexivity.
  - intros l r L S [|n] o' H; [discriminate|].
    rewrite valueb_number, number_spanned in H; eauto using starts_app, number_begins, number_all.
    apply numberb_iff in L. rewrite L in H. congruence.
  - intros l r B A S L [|n] o' H; [discriminate|].
    rewrite valueb_number, number_spanned in H; auto using starts_app, some_of.
    rewrite <- numberb_iff in L. destruct (numberb l); congruence.
  (* Strings, arrays, objects. *)
  - intros i o C [|n] o' H; [discriminate|]. cbn in H. found H (charsb_agrees _ _ C).
  - intros i r S [|n] o' H; [discriminate|]. cbn in H. rewrite S in H. cbn in H. congruence.
  - intros i o S _ IH [|n] o' H; [discriminate|]. apply strip_none in S. cbn [valueb N.eqb Pos.eqb] in H.
    rewrite S in H. found H IH.
  - intros i r S [|n] o' H; [discriminate|]. cbn in H. rewrite S in H. cbn in H. congruence.
  - intros i o S _ IH [|n] o' H; [discriminate|]. apply strip_none in S. cbn [valueb N.eqb Pos.eqb] in H.
    rewrite S in H. found H IH.
  - intros i S W [|n] o' H; [discriminate|]. rewrite (valueb_other n i S) in H.
    apply word_missing in W. destruct W as [k W]. rewrite W, (word_fault _ _ _ W) in H. congruence.
  (* Elements. *)
  - intros i k _ IH [|n] o' H; [discriminate|]. cbn [elementsb] in H.
    destruct (valueb n (skip i)) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V) in H. congruence.
  - intros i v j r _ IH S [|n] o' H; [discriminate|]. cbn [elementsb] in H.
    destruct (valueb n (skip i)) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V), S in H.
    cbn in H. congruence.
  - intros i v j k o _ IV S _ IH [|n] o' H; [discriminate|]. cbn [elementsb] in H.
    destruct (valueb n (skip i)) as [p|] eqn:V; [|discriminate]. rewrite (IV _ _ V), S in H.
    cbn in H. found H IH.
  - intros i v j _ IH S [|n] o' H; [discriminate|]. cbn [elementsb] in H.
    destruct (valueb n (skip i)) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V) in H.
    destruct (skip j) as [|b k]; [congruence|]. rewrite none_of_cons in S.
    destruct (N.eqb_spec b 93) as [->|]; [destruct S; cbn; auto|].
    destruct (N.eqb_spec b 44) as [->|]; [destruct S; cbn; auto|]. congruence.
  (* Members. *)
  - intros i k _ IH [|n] o' H; [discriminate|]. cbn [membersb] in H.
    destruct (memberb n i) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V) in H. congruence.
  - intros i v j r _ IH S [|n] o' H; [discriminate|]. cbn [membersb] in H.
    destruct (memberb n i) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V), S in H.
    cbn in H. congruence.
  - intros i v j k o _ IV S _ IH [|n] o' H; [discriminate|]. cbn [membersb] in H.
    destruct (memberb n i) as [p|] eqn:V; [|discriminate]. rewrite (IV _ _ V), S in H.
    cbn in H. found H IH.
  - intros i v j _ IH S [|n] o' H; [discriminate|]. cbn [membersb] in H.
    destruct (memberb n i) as [p|] eqn:V; [|discriminate]. rewrite (IH _ _ V) in H.
    destruct (skip j) as [|b k]; [congruence|]. rewrite none_of_cons in S.
    destruct (N.eqb_spec b 125) as [->|]; [destruct S; cbn; auto|].
    destruct (N.eqb_spec b 44) as [->|]; [destruct S; cbn; auto|]. congruence.
  (* One member. *)
  - intros i S [|n] o' H; [discriminate|]. apply strip_none in S. cbn [memberb] in H.
    rewrite S in H. congruence.
  - intros i j k Q C [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. destruct (charsb n j) as [p|] eqn:E; [|discriminate].
    rewrite (charsb_agrees _ _ C _ _ E) in H. congruence.
  - intros i j s l Q C K [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. destruct (charsb n j) as [p|] eqn:E; [|discriminate].
    rewrite (charsb_agrees _ _ C _ _ E), (proj2 (strip_none _ _) K) in H. congruence.
  - intros i j s l m o Q C K _ IH [|n] o' H; [discriminate|]. cbn [memberb] in H.
    rewrite (proj2 (strip_iff [34] _ j) Q) in H. destruct (charsb n j) as [p|] eqn:E; [|discriminate].
    rewrite (charsb_agrees _ _ C _ _ E), (proj2 (strip_iff [58] _ m) K) in H. found H IH.
Qed.
