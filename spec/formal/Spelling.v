(* Spelling.v: how the canonical writer of Format.v spells strings, numbers, arrays and objects, and
   that each of them is UTF-8 and is read as what it spells. Which objects it writes, and what a
   whole file means, stands in Canonical.v. *)
From Coq Require Import List NArith Bool String Ascii Lia.
From Safetensors Require Import Tables Format.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- UTF-8 ---- *)

Lemma utf8_app a b : utf8 a -> utf8 b -> utf8 (a ++ b).
Proof.
  induction 1 as [|s ranges r I F _ IH]; intros B; [exact B|].
  rewrite <- app_assoc. econstructor; eauto.
Qed.

Definition all_ascii : bytes -> Prop := Forall (fun b => b <= 127).

Lemma ascii_utf8 l : all_ascii l -> utf8 l.
Proof.
  induction 1 as [|b l B _ IH]; [constructor|].
  apply (utf8_more [b] [(0, 127)]); [now left|repeat constructor; cbn; lia|exact IH].
Qed.

Lemma ascii_by_computation l : forallb (fun b => b <=? 127) l = true -> all_ascii l.
Proof.
  intros H. apply Forall_forall. intros b B. rewrite forallb_forall in H. apply N.leb_le, H, B.
Qed.

Lemma join_utf8 l : Forall utf8 l -> utf8 (join l).
Proof.
  induction 1 as [|a [|b l] A _ IH]; [constructor|exact A|].
  apply utf8_app; [exact A|]. apply (utf8_app [44]); [|exact IH].
  apply ascii_utf8, ascii_by_computation; reflexivity.
Qed.

(* ---- Strings (CAN-6) ---- *)

Lemma hex_of_digit d : d < 16 -> hex (digit d) = Some d.
Proof.
  intros H. assert (I : In d (map N.of_nat (seq 0 16))).
  { apply in_map_iff; exists (N.to_nat d); split; [lia|apply in_seq; lia]. }
  cbn in I. repeat (destruct I as [<-|I]; [reflexivity|]). destruct I.
Qed.

Lemma CAN_6_escaped b :
  (exists e, In (e, b) escapes /\ escaped b = [92; e])
  \/ b < 32 /\ escaped b = text "\u00" ++ [digit (b / 16); digit (b mod 16)]
  \/ 32 <= b /\ b <> 34 /\ b <> 92 /\ escaped b = [b].
Proof.
  unfold escaped. destruct (find _ escapes) as [[e c]|] eqn:F.
  - apply find_some in F as [I E]. cbn [snd] in E. apply andb_true_iff in E as [E _].
    apply N.eqb_eq in E as ->. left. exists e. auto.
  - right. destruct (N.ltb_spec b 32); [left; auto|]. right.
    split; [assumption|]. split; [|split; [|reflexivity]]; intros ->; discriminate F.
Qed.

Lemma escaped_is_char b r : char (escaped b ++ r) (Got [b] r).
Proof.
  destruct (CAN_6_escaped b) as [[e [I ->]]|[[L ->]|[L [A [B ->]]]]].
  - apply char_escape, I.
  - replace [b] with (encode b) by (unfold encode; destruct (N.ltb_spec b 128); [reflexivity|lia]).
    assert (b / 16 < 16) by (apply N.div_lt_upper_bound; lia).
    assert (b mod 16 < 16) by (apply N.mod_lt; lia).
    apply char_unit; [|unfold high, within; lia|unfold low, within; lia].
    change (text "\u00") with [92; 117; 48; 48]. cbn [app unit].
    rewrite !hex_of_digit by assumption.
    change (hex 48) with (Some 0). cbv iota. f_equal. f_equal.
    pose proof (N.div_mod b 16 ltac:(discriminate)). lia.
  - apply char_itself; assumption.
Qed.

Lemma string_is_read s r : chars (flat_map escaped s ++ text """" ++ r) (Got s r).
Proof.
  induction s as [|b s IH]; [apply chars_end|].
  cbn [flat_map]. rewrite <- app_assoc.
  exact (chars_more _ _ _ _ (escaped_is_char b _) IH).
Qed.

Lemma escaped_ascii b : b <= 127 -> all_ascii (escaped b).
Proof.
  intros B. destruct (CAN_6_escaped b) as [[e [I ->]]|[[L ->]|[_ [_ [_ ->]]]]].
  - cbn in I. apply ascii_by_computation.
    repeat (destruct I as [I|I]; [injection I as <- _; reflexivity|]). destruct I.
  - assert (D : forall d, d < 16 -> digit d <= 127).
    { intros d; unfold digit; destruct (d <? 10); lia. }
    apply Forall_app. split; [apply ascii_by_computation; reflexivity|].
    repeat constructor; apply D; [apply N.div_lt_upper_bound|apply N.mod_lt]; lia.
  - repeat constructor; exact B.
Qed.

Lemma escaped_beyond_ascii s : Forall (fun b => 128 <= b) s -> flat_map escaped s = s.
Proof.
  induction 1 as [|b s B _ IH]; [reflexivity|]. cbn [flat_map]. rewrite IH.
  destruct (CAN_6_escaped b) as [[e [I _]]|[[L _]|[_ [_ [_ ->]]]]]; [exfalso|lia|reflexivity].
  cbn in I. repeat (destruct I as [I|I]; [injection I as _ <-; lia|]). destruct I.
Qed.

(* A sequence of UTF-8 is one byte of ASCII, or has none. *)
Lemma sequence_cases s ranges : In ranges sequences ->
  Forall2 (fun b range => within (fst range) (snd range) b) s ranges ->
  (exists b, s = [b] /\ b <= 127) \/ Forall (fun b => 128 <= b) s.
Proof.
  intros I F.
  assert (H : ranges = [(0, 127)] \/ Forall (fun range => 128 <= fst range) ranges).
  { revert ranges I F. cbn [In sequences]. intros ranges I _. destruct I as [<-|I]; [now left|].
    right. repeat (destruct I as [<-|I]; [repeat constructor; cbn; lia|]). destruct I. }
  destruct H as [->|H].
  - left. inversion F as [|b ? ? ? [_ B] F']; subst. inversion F'; subst. exists b; auto.
  - right. clear I. induction F as [|b range s ranges [B _] _ IH]; [constructor|].
    inversion H; subst. constructor; [lia|auto].
Qed.

Lemma quoted_utf8 s : utf8 s -> utf8 (quoted s).
Proof.
  intros U. assert (Q : utf8 (text """")) by (apply ascii_utf8, ascii_by_computation; reflexivity).
  apply utf8_app; [exact Q|]. apply utf8_app; [|exact Q].
  induction U as [|s ranges r I F _ IH]; [constructor|].
  rewrite flat_map_app. apply utf8_app; [|exact IH].
  destruct (sequence_cases s ranges I F) as [[b [-> B]]|B].
  - cbn [flat_map]. rewrite app_nil_r. apply ascii_utf8, escaped_ascii, B.
  - rewrite (escaped_beyond_ascii s B), <- (app_nil_r s). econstructor; eauto; constructor.
Qed.

(* ---- Numbers ---- *)

Lemma decimal_snoc l b : decimal (l ++ [b]) = 10 * decimal l + (b - 48).
Proof. unfold decimal. rewrite fold_left_app. reflexivity. Qed.

Lemma last_digit n : within 48 57 (48 + n mod 10).
Proof.
  unfold within. generalize (N.mod_lt n 10 ltac:(discriminate)). generalize (n mod 10). lia.
Qed.

Lemma print_steps k n : print (S k) n =
  if n <? 10 then [48 + n] else print k (n / 10) ++ [48 + n mod 10].
Proof. reflexivity. Qed.

Lemma print_means k : forall n, n < 10 ^ N.of_nat (S k) -> decimal (print (S k) n) = n.
Proof.
  induction k as [|k IH]; intros n H; rewrite print_steps; destruct (N.ltb_spec n 10) as [L|L].
  1, 3: clear; unfold decimal; cbn [fold_left]; lia.
  - change (10 ^ N.of_nat 1) with 10 in H. lia.
  - rewrite decimal_snoc, IH.
    + rewrite (N.add_comm 48), N.add_sub. symmetry. apply N.div_mod. discriminate.
    + apply N.div_lt_upper_bound; [lia|]. rewrite <- N.pow_succ_r', <- Nnat.Nat2N.inj_succ. exact H.
Qed.

Lemma print_digits k n : n < 10 ^ N.of_nat (S k) -> digits (print (S k) n).
Proof.
  revert n; induction k as [|k IH]; intros n H; rewrite print_steps;
    destruct (N.ltb_spec n 10) as [L|L].
  1, 3: clear H IH || clear H; split; [discriminate|repeat constructor; unfold within; lia].
  - change (10 ^ N.of_nat 1) with 10 in H. lia.
  - split; [intros E; symmetry in E; apply app_cons_not_nil in E; exact E|].
    apply Forall_app; split; [|repeat constructor; apply last_digit]. apply IH.
    apply N.div_lt_upper_bound; [lia|]. rewrite <- N.pow_succ_r', <- Nnat.Nat2N.inj_succ. exact H.
Qed.

Lemma print_starts k n : 0 < n < 10 ^ N.of_nat (S k) ->
  starts (within 49 57) (print (S k) n).
Proof.
  revert n; induction k as [|k IH]; intros n [P H]; rewrite print_steps;
    destruct (N.ltb_spec n 10) as [L|L].
  1, 3: clear H; exists (48 + n), []; split; [reflexivity|unfold within; lia].
  - change (10 ^ N.of_nat 1) with 10 in H. lia.
  - destruct (IH (n / 10)) as [b [r [-> B]]].
    { split; [apply N.div_str_pos; lia|]. apply N.div_lt_upper_bound; [lia|].
      rewrite <- N.pow_succ_r', <- Nnat.Nat2N.inj_succ. exact H. }
    exists b, (r ++ [48 + n mod 10]). auto.
Qed.

Lemma word_in_20_places n : n < word -> n < 10 ^ N.of_nat 20.
Proof. intros H. apply (N.lt_trans _ word); [exact H|reflexivity]. Qed.

Lemma printed_decimal n : n < word -> decimal (print 20 n) = n.
Proof. intros H. apply print_means, word_in_20_places, H. Qed.

Lemma printed_digits n : n < word -> digits (print 20 n).
Proof. intros H. apply print_digits, word_in_20_places, H. Qed.

Lemma printed_integer n : n < word -> integer (print 20 n).
Proof.
  intros H. destruct (N.eq_0_gt_0_cases n) as [->|P]; [left; reflexivity|right].
  split; [|apply printed_digits, H]. apply print_starts. split; [exact P|].
  apply word_in_20_places, H.
Qed.

Lemma integer_is_number l : integer l -> number l.
Proof.
  intros H. exists [], l, [], []. rewrite !app_nil_r.
  split; [reflexivity|]. split; [now left|]. auto.
Qed.

Definition json_number (n : N) : json := JNumber (print 20 n).

Lemma printed_uint n : n < word -> uint (json_number n) n.
Proof.
  intros H. exists (print 20 n). rewrite printed_decimal by exact H.
  auto using printed_integer.
Qed.

(* ---- A text that spells a value, before anything that does not go on with a number ---- *)

Definition spells (s : bytes) (v : json) : Prop :=
  utf8 s /\ (exists b r, s = b :: r /\ space b = false /\ b <> 93)
  /\ forall r, none_of number_bytes r -> value (s ++ r) (Got v r).

Lemma spelled_solid s v r : spells s v -> skip (s ++ r) = s ++ r /\ none_of [93] (skip (s ++ r)).
Proof.
  intros [_ [[b [t [-> [S B]]]] _]]. assert (E : skip ((b :: t) ++ r) = (b :: t) ++ r).
  { cbn [skip app]. rewrite S. reflexivity. }
  split; [exact E|]. rewrite E. intros [c [r' [H [I|[]]]]]. injection H as ? _. congruence.
Qed.

Lemma none_of_byte l b r : existsb (N.eqb b) l = false -> none_of l (b :: r).
Proof.
  intros H [c [r' [E I]]]. injection E as <- _. apply not_true_iff_false in H. apply H.
  apply existsb_exists. exists b. split; [exact I|apply N.eqb_refl].
Qed.

Ltac not_listed := apply none_of_byte; reflexivity.

Lemma spells_string s : utf8 s -> spells (quoted s) (JString s).
Proof.
  intros U. split; [apply quoted_utf8, U|]. split.
  { exists 34, (flat_map escaped s ++ text """"). split; [reflexivity|]. split; [reflexivity|lia]. }
  intros r _. unfold quoted. rewrite <- !app_assoc.
  exact (v_string _ _ (string_is_read s r)).
Qed.

Lemma spells_number n : n < word -> spells (print 20 n) (json_number n).
Proof.
  intros H. destruct (printed_digits n H) as [Full D]. split; [|split].
  - apply ascii_utf8. revert D. apply Forall_impl. unfold within. lia.
  - destruct (print 20 n) as [|b r]; [easy|]. exists b, r. inversion D as [|? ? B _]; subst.
    unfold within in B. split; [reflexivity|]. split; [|lia]. unfold space.
    rewrite !orb_false_iff, !N.eqb_neq. lia.
  - intros r R. apply v_number; [|exact R]. apply integer_is_number, printed_integer, H.
Qed.

(* ---- Arrays and objects (CAN-5) ---- *)

Lemma elements_are_read ss vs r : Forall2 spells ss vs -> ss <> [] ->
  elements (join ss ++ 93 :: r) (Got vs r).
Proof.
  induction 1 as [|s v ss vs S F IH]; intros N; [easy|]. clear N.
  destruct (spelled_solid s v (93 :: r) S) as [K _]. destruct S as [U [B V]].
  destruct F as [|s' v' ss vs S' F].
  - cbn [join]. apply (e_last _ _ (93 :: r)); [|reflexivity]. rewrite K. apply V. not_listed.
  - change (join (s :: s' :: ss)) with (s ++ 44 :: join (s' :: ss)).
    rewrite <- app_assoc. change ((44 :: ?a) ++ ?b) with (44 :: a ++ b).
    apply (e_more _ v (44 :: join (s' :: ss) ++ 93 :: r) (join (s' :: ss) ++ 93 :: r)
      (Got (v' :: vs) r)); [|reflexivity|apply IH; discriminate].
    rewrite (proj1 (spelled_solid s v _ (conj U (conj B V)))). apply V. not_listed.
Qed.

Lemma array_is_read ss vs r : Forall2 spells ss vs ->
  value (91 :: join ss ++ 93 :: r) (Got (JArray vs) r).
Proof.
  intros F. destruct F as [|s v ss vs S F]; [apply v_array_0; reflexivity|].
  assert (E : elements (join (s :: ss) ++ 93 :: r) (Got (v :: vs) r))
    by (apply elements_are_read; [constructor; assumption|discriminate]).
  refine (v_array _ _ _ E).
  destruct F; cbn [join]; rewrite <- ?app_assoc; apply (spelled_solid _ _ _ S).
Qed.

Lemma spells_array l : Forall (fun n => n < word) l ->
  spells (array_of l) (JArray (map json_number l)).
Proof.
  intros H. assert (F : Forall2 spells (map (print 20) l) (map json_number l)).
  { induction H; constructor; auto using spells_number. }
  unfold array_of. revert F. generalize (map (print 20) l), (map json_number l).
  intros ss vs F. split; [|split].
  - apply (utf8_app [91]); [apply ascii_utf8, ascii_by_computation; reflexivity|].
    apply utf8_app; [|apply ascii_utf8, ascii_by_computation; reflexivity].
    apply join_utf8. induction F as [|s v ? ? S _ IH]; constructor; [apply S|exact IH].
  - exists 91, (join ss ++ text "]"). split; [reflexivity|]. split; [reflexivity|lia].
  - intros r _. rewrite <- !app_assoc. exact (array_is_read ss vs r F).
Qed.

Definition spells_member (m : bytes * bytes) (p : bytes * json) : Prop :=
  fst p = fst m /\ utf8 (fst m) /\ spells (snd m) (snd p).

Definition member_text (m : bytes * bytes) : bytes := quoted (fst m) ++ text ":" ++ snd m.

Lemma member_is_read m p r : spells_member m p -> none_of number_bytes r ->
  member (member_text m ++ r) (Got p r).
Proof.
  destruct m as [k s], p as [k' v]. intros [E [U S]] R. cbn [fst snd] in *. subst k'.
  unfold member_text, quoted. rewrite <- !app_assoc. cbn [fst snd].
  apply (k_value _ (flat_map escaped k ++ text """" ++ text ":" ++ s ++ r) k (58 :: s ++ r)
    (s ++ r) (Got v r)); [reflexivity|apply string_is_read|reflexivity|].
  rewrite (proj1 (spelled_solid s v r S)). apply S, R.
Qed.

Lemma members_are_read l ms r : Forall2 spells_member l ms -> l <> [] ->
  members (join (map member_text l) ++ 125 :: r) (Got ms r).
Proof.
  induction 1 as [|m p l ms S F IH]; intros N; [easy|]. clear N. destruct F as [|m' p' l ms S' F].
  - cbn [join map]. apply (m_last _ _ (125 :: r)); [|reflexivity].
    apply member_is_read; [exact S|not_listed].
  - change (join (map member_text (m :: m' :: l)))
      with (member_text m ++ 44 :: join (map member_text (m' :: l))).
    rewrite <- app_assoc. change ((44 :: ?a) ++ ?b) with (44 :: a ++ b).
    apply (m_more _ p (44 :: join (map member_text (m' :: l)) ++ 125 :: r)
      (join (map member_text (m' :: l)) ++ 125 :: r) (Got (p' :: ms) r));
      [|reflexivity|apply IH; discriminate].
    apply member_is_read; [exact S|not_listed].
Qed.

Lemma object_is_read l ms r : Forall2 spells_member l ms ->
  value (object_of l ++ r) (Got (JObject ms) r).
Proof.
  intros F. unfold object_of. rewrite <- !app_assoc. destruct F as [|m p l ms S F].
  - apply v_object_0. reflexivity.
  - assert (E : members (join (map member_text (m :: l)) ++ 125 :: r) (Got (p :: ms) r))
      by (apply members_are_read; [constructor; assumption|discriminate]).
    refine (v_object _ _ _ E). destruct l; cbn; not_listed.
Qed.

Lemma object_utf8 l ms : Forall2 spells_member l ms -> utf8 (object_of l).
Proof.
  intros F. assert (A : forall s, forallb (fun b => b <=? 127) s = true -> utf8 s)
    by (intros s H; apply ascii_utf8, ascii_by_computation, H).
  unfold object_of. apply utf8_app; [apply A; reflexivity|].
  apply utf8_app; [|apply A; reflexivity].
  apply join_utf8. induction F as [|m p l ms [_ [U [V _]]] _ IH]; constructor; [|exact IH].
  apply utf8_app; [apply quoted_utf8, U|]. apply utf8_app; [apply A; reflexivity|exact V].
Qed.

Lemma spells_object l ms : Forall2 spells_member l ms -> spells (object_of l) (JObject ms).
Proof.
  intros F. split; [exact (object_utf8 l ms F)|]. split; [|intros r _; apply object_is_read, F].
  eexists 123, _. split; [reflexivity|]. split; [reflexivity|lia].
Qed.
