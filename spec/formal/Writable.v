(* Writable.v: the canonical writer has something to write. Every string that is read is UTF-8; what
   is read of a valid file has all that the writer asks for, and its dtypes decide in which versions
   it is valid; the example of section 18.1 is written as its bytes. No definition of the format
   stands here. *)
From Coq Require Import List NArith Bool String Ascii Lia.
From Safetensors Require Import Tables Format Decide Utf8 Names Spelling Number Chars Grammar.
From Safetensors Require Import Structure Sizes Check Compatibility.
From Safetensors Require Canonical.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Parts of a text in UTF-8 ---- *)

Lemma ascii_is_utf8 b : b <= 127 -> utf8 [b].
Proof. intros A. apply ascii_utf8. repeat constructor. exact A. Qed.
Lemma behind_ascii l r : all_ascii l -> utf8 (l ++ r) -> utf8 r.
Proof.
  induction 1 as [|b l A _ IH]; intros U; [exact U|]. apply IH. revert U. cbn [app].
  rewrite <- !utf8b_iff. cbn [utf8b]. apply N.leb_le in A. rewrite A. auto.
Qed.
(* A byte above 127 begins a sequence of such bytes. *)
Lemma first_sequence b i : utf8 (b :: i) -> 127 < b -> exists s r,
  b :: i = (b :: s) ++ r /\ Forall (N.lt 127) (b :: s) /\ utf8 (b :: s) /\ utf8 r.
Proof.
  inversion 1 as [E|s ranges r I F U E]; subst; intros L.
  assert (S : utf8 s).
  { rewrite <- (app_nil_r s). apply (utf8_more s ranges); auto using utf8_end. }
  destruct s as [|b' s].
  { inversion F; subst. cbn in I. repeat destruct I as [I|I]; discriminate || contradiction. }
  injection E as -> <-. exists s, r. repeat (split; [reflexivity|] || split); auto.
  clear S U. cbn in I. repeat destruct I as [<-|I]; [..|destruct I];
    repeat match goal with
    | H : Forall2 _ _ (_ :: _) |- _ => inversion H; subst; clear H
    | H : Forall2 _ _ [] |- _ => inversion H; subst; clear H
    end; unfold within in *; cbn [fst snd tail] in *; repeat constructor; lia.
Qed.

(* ---- Escapes ---- *)

(* One sequence, by a row of the table. *)
Ltac by_row n s :=
  rewrite <- (app_nil_r s); apply (TXT_2_sequence n s); [lia|cbn [nth sequences]|constructor];
  repeat (apply Forall2_cons; [unfold within, tail; cbn [fst snd]; lia|]); apply Forall2_nil.

Lemma encode_is_utf8 u : u < 55296 \/ 57343 < u /\ u < 1114112 -> utf8 (encode u).
Proof.
  intros S. unfold encode.
  pose proof (N.div_mod u 64 ltac:(easy)) as E. pose proof (N.mod_lt u 64 ltac:(easy)) as M.
  change 262144 with (64 * (64 * 64)). change 4096 with (64 * 64). rewrite <- !N.div_div by easy.
  set (q := u / 64) in *. set (m := u mod 64) in *.
  pose proof (N.div_mod q 64 ltac:(easy)) as E'. pose proof (N.mod_lt q 64 ltac:(easy)) as M'.
  set (p := q / 64) in *. set (n := q mod 64) in *.
  pose proof (N.div_mod p 64 ltac:(easy)) as E''. pose proof (N.mod_lt p 64 ltac:(easy)) as M''.
  set (o := p / 64) in *. set (k := p mod 64) in *.
  clearbody q m p n o k.
  destruct (N.ltb_spec u 128); [by_row 0%nat [u]|].
  destruct (N.ltb_spec u 2048); [by_row 1%nat [192 + q; 128 + m]|].
  destruct (N.ltb_spec u 65536).
  - destruct (N.eq_dec p 0); [by_row 2%nat [224 + p; 128 + n; 128 + m]|].
    destruct (N.lt_ge_cases p 13); [by_row 3%nat [224 + p; 128 + n; 128 + m]|].
    destruct (N.eq_dec p 13); [by_row 4%nat [224 + p; 128 + n; 128 + m]|].
    by_row 5%nat [224 + p; 128 + n; 128 + m].
  - destruct (N.eq_dec o 0); [by_row 6%nat [240 + o; 128 + k; 128 + n; 128 + m]|].
    destruct (N.lt_ge_cases o 4); [by_row 7%nat [240 + o; 128 + k; 128 + n; 128 + m]|].
    by_row 8%nat [240 + o; 128 + k; 128 + n; 128 + m].
Qed.
Lemma hex_spelled b d : hex b = Some d -> b <= 127 /\ d < 16.
Proof.
  unfold hex.
  repeat match goal with |- context [?a <=? ?b] => destruct (N.leb_spec a b) end; cbn;
    intros [= <-]; lia.
Qed.
Lemma unit_spelled i u r : unit i = Some (u, r) -> exists l,
  i = l ++ r /\ all_ascii l /\ u < 65536.
Proof.
  intros (j & -> & H)%unit_begins. unfold hex4b in H. cases H. injection H as <- <-.
  repeat match goal with H : hex _ = Some _ |- _ => apply hex_spelled in H as [? ?] end.
  eexists [92; 117; _; _; _; _]. split; [reflexivity|].
  split; [repeat constructor; try assumption; lia|lia].
Qed.
Lemma pair_spelled u v : high u -> low v -> 65536 <= pair u v < 1114112.
Proof. unfold high, low, within, pair. lia. Qed.
Lemma escape_spelled e b : In (e, b) escapes -> e <= 127 /\ b <= 127.
Proof.
  cbn. intros I. repeat destruct I as [[= <- <-]|I]; [..|destruct I]; lia.
Qed.

(* A character is a raw byte above 127, or it is UTF-8 and so is what follows. *)
Lemma char_is_utf8 i c j : utf8 i -> char i (Got c j) ->
  (exists b, 127 < b /\ i = b :: j) \/ utf8 c /\ utf8 j.
Proof.
  intros U C. inversion C as [b r L Q S|e b r I|x u r E A B|x u w v r E A V B| | | |]; subst.
  - destruct (N.lt_ge_cases 127 b) as [H|H]; [left; eauto|right].
    split; [apply ascii_is_utf8, H|].
    apply (behind_ascii [b]); [repeat constructor; exact H|exact U].
  - right. apply escape_spelled in I as [A B]. split; [apply ascii_is_utf8, B|].
    apply (behind_ascii [92; e]); [|exact U]. repeat constructor; [lia|exact A].
  - right. apply unit_spelled in E as (l & -> & F & W). apply (behind_ascii _ _ F) in U.
    split; [|exact U]. apply encode_is_utf8. unfold high, low, within in *. lia.
  - right. apply unit_spelled in E as (l & -> & F & _). apply (behind_ascii _ _ F) in U.
    apply unit_spelled in V as (l' & -> & F' & _). apply (behind_ascii _ _ F') in U.
    split; [|exact U]. apply encode_is_utf8. pose proof (pair_spelled u v A B). lia.
Qed.
(* Bytes above 127 stand for themselves. *)
Lemma raw_bytes_kept l j s r : Forall (N.lt 127) l -> chars (l ++ j) (Got s r) ->
  exists s', s = l ++ s' /\ chars j (Got s' r).
Proof.
  revert s. induction l as [|b l IH]; intros s F C; [exists s; auto|].
  inversion F as [|? ? B F']; subst.
  inversion C as [r' E|i k _|i c j' o H C' E E']; subst; [lia|].
  destruct o as [s'|]; [|discriminate]. injection E' as <- ->.
  assert (X : c = [b] /\ j' = l ++ j).
  { inversion H as [b' r' L Q S|e b' r' I|x u r' E A W|x u w v r' E A V W| | | |]; subst;
      try lia; auto; apply unit_begins in E as (? & [= -> _] & _); lia. }
  destruct X as [-> ->]. destruct (IH s' F' C') as (t & -> & T). exists t. auto.
Qed.
Lemma chars_are_utf8 i s r : utf8 i -> chars i (Got s r) -> utf8 s /\ utf8 r.
Proof.
  remember (List.length i) as n eqn:N. revert i s N.
  induction n as [n IH] using (well_founded_induction PeanoNat.Nat.lt_wf_0).
  intros i s -> U C. inversion C as [r' E|i' k _|i' c j o H C' E E']; subst.
  - split; [constructor|]. apply (behind_ascii [34]); [repeat constructor; lia|exact U].
  - destruct o as [s'|]; [|discriminate]. injection E' as <- ->.
    assert (L : (List.length j < List.length i)%nat).
    { apply JSON_7_char in H as [H _]. pose proof (charb_shorter i) as L. rewrite H in L. exact L. }
    destruct (char_is_utf8 _ _ _ U H) as [(b & B & ->)|[V W]].
    + destruct (first_sequence _ _ U B) as (l & k & E & F & V & W). rewrite E in C.
      destruct (raw_bytes_kept _ _ _ _ F C) as (t & -> & T).
      apply (IH (List.length k)) in T as [T R]; auto; [split; [apply utf8_app|]; assumption|].
      rewrite E, app_length. cbn. lia.
    + apply (IH (List.length j)) in C' as [S R]; auto. split; [apply utf8_app|]; assumption.
Qed.

(* ---- Values ---- *)

Inductive utf8_value : json -> Prop :=
| utf8_null : utf8_value JNull
| utf8_true : utf8_value JTrue
| utf8_false : utf8_value JFalse
| utf8_number l : utf8_value (JNumber l)
| utf8_string s : utf8 s -> utf8_value (JString s)
| utf8_array vs : Forall utf8_value vs -> utf8_value (JArray vs)
| utf8_object ms : Forall (fun m => utf8 (fst m) /\ utf8_value (snd m)) ms ->
    utf8_value (JObject ms).
Definition utf8_member (m : bytes * json) : Prop := utf8 (fst m) /\ utf8_value (snd m).

(* Of a text in UTF-8: what is found satisfies [P], and what follows is UTF-8. *)
Definition kept {A : Set} (P : A -> Prop) (i : bytes) (o : outcome A) : Prop :=
  utf8 i -> forall a r, o = Got a r -> P a /\ utf8 r.
Lemma kept_turn {A B : Set} (P : A -> Prop) (Q : B -> Prop) (f : A -> B) i o :
  (forall a, P a -> Q (f a)) -> kept P i o -> kept Q i (turn f o).
Proof.
  intros H K U b r E. destruct o as [a r'|]; [|discriminate]. injection E as <- <-.
  destruct (K U a r' eq_refl). auto.
Qed.
Lemma skip_is_utf8 i : utf8 i -> utf8 (skip i).
Proof.
  induction i as [|b i IH]; cbn; intros U; [exact U|].
  destruct (space b) eqn:S; [|exact U]. apply IH, (behind_ascii [b]); [|exact U].
  constructor; [|constructor]. unfold space in S. rewrite !orb_true_iff, !N.eqb_eq in S. lia.
Qed.
Lemma behind_sign b i r : b <= 127 -> utf8 i -> skip i = b :: r -> utf8 r.
Proof.
  intros A U%skip_is_utf8 E. rewrite E in U. apply (behind_ascii [b]); [|exact U].
  constructor; [exact A|constructor].
Qed.
Lemma word_is_ascii l v : In (l, v) words -> all_ascii l /\ utf8_value v.
Proof.
  cbn. intros I. repeat destruct I as [[= <- <-]|I]; [..|destruct I];
    (split; [apply ascii_by_computation; reflexivity|constructor]).
Qed.
Lemma number_is_ascii l : number l -> all_ascii l.
Proof.
  intros N. apply Forall_forall. intros b I. apply (number_all _ _ N) in I. revert b I.
  apply Forall_forall, ascii_by_computation. reflexivity.
Qed.
Lemma values_are_utf8 :
  (forall i o, value i o -> kept utf8_value i o) /\
  (forall i o, elements i o -> kept (Forall utf8_value) i o) /\
  (forall i o, members i o -> kept (Forall utf8_member) i o) /\
  (forall i o, member i o -> kept utf8_member i o).
Proof.
  assert (S : forall b i, b <= 127 -> utf8 (b :: i) -> utf8 i).
  { intros b i A. apply (behind_ascii [b]). repeat constructor. exact A. }
  apply grammar_least; try (intros; intros ? ? ? [=]; fail).
  - intros l v r I U a r' [= <- <-]. apply word_is_ascii in I as [A V].
    split; [exact V|exact (behind_ascii _ _ A U)].
  - intros l r N _ U a r' [= <- <-].
    split; [constructor|exact (behind_ascii _ _ (number_is_ascii _ N) U)].
  - intros i o C U a r E. apply S in U; [|lia]. destruct o as [s r'|]; [|discriminate].
    injection E as <- <-. apply (chars_are_utf8 _ _ _ U) in C as [A R].
    split; [constructor; exact A|exact R].
  - intros i r E U a r' [= <- <-]. apply S in U; [|lia].
    split; [repeat constructor|apply (behind_sign 93 i); [lia|exact U|exact E]].
  - intros i o _ _ IH U. apply S in U; [|lia]. revert U.
    apply (kept_turn _ _ _ _ _ utf8_array IH).
  - intros i r E U a r' [= <- <-]. apply S in U; [|lia].
    split; [repeat constructor|apply (behind_sign 125 i); [lia|exact U|exact E]].
  - intros i o _ _ IH U. apply S in U; [|lia]. revert U.
    apply (kept_turn _ _ _ _ _ utf8_object IH).
  - intros i v j r _ IH E U a r' [= <- <-]. apply skip_is_utf8 in U.
    destruct (IH U _ _ eq_refl) as [V J].
    split; [repeat constructor; exact V|apply (behind_sign 93 j); [lia|exact J|exact E]].
  - intros i v j k o _ IH E _ IH' U. apply skip_is_utf8 in U.
    destruct (IH U _ _ eq_refl) as [V J]. apply (behind_sign 44 j k ltac:(lia)) in J; [|exact E].
    revert J. apply kept_turn with (2 := IH'). auto.
  - intros i m j r _ IH E U a r' [= <- <-]. destruct (IH U _ _ eq_refl) as [V J].
    split; [repeat constructor; apply V|apply (behind_sign 125 j); [lia|exact J|exact E]].
  - intros i m j k o _ IH E _ IH' U. destruct (IH U _ _ eq_refl) as [V J].
    apply (behind_sign 44 j k ltac:(lia)) in J; [|exact E]. revert J.
    apply kept_turn with (2 := IH'). auto.
  - intros i j s l m o E C E' _ IH U. apply (behind_sign 34 i j ltac:(lia)) in U; [|exact E].
    apply (chars_are_utf8 _ _ _ U) in C as [A L]. apply (behind_sign 58 l m ltac:(lia)) in L;
      [|exact E']. apply skip_is_utf8 in L. revert L. apply kept_turn with (2 := IH).
    intros v V. exact (conj A V).
Qed.
Lemma members_read_are_utf8 header ms after : parsed header ms after -> Forall utf8_member ms.
Proof.
  intros [[U _] V]. apply skip_is_utf8 in U.
  destruct (proj1 values_are_utf8 _ _ V U _ _ eq_refl) as [O _]. inversion O. assumption.
Qed.

Theorem read_strings_are_utf8 v ln file R : means v ln file R ->
  Forall (fun p => utf8 (fst p) /\ utf8 (snd p)) (r_metadata R)
  /\ Forall (fun t => utf8 (t_name t)) (r_tensors R).
Proof.
  intros (_ & h & d & ms & a & _ & P & (ps & M & E) & T). apply members_read_are_utf8 in P.
  rewrite Forall_forall in P. split.
  - rewrite M. apply Forall_forall. intros p I.
    assert (J : In p ps) by (destruct (ln _); [apply last_of_each_in|]; exact I). clear M I.
    destruct (filter is_meta ms) as [|[k m] rest] eqn:F; [rewrite E in J; destruct J|].
    assert (K : utf8_value m).
    { apply (P (k, m)). apply (filter_In is_meta). rewrite F. left. reflexivity. }
    destruct m as [| | | | | |m]; try (rewrite E in J; destruct J). subst m.
    inversion K as [| | | | | |l G]; subst. rewrite Forall_map, Forall_forall in G.
    destruct (G p J) as [A B]. split; [exact A|]. inversion B. assumption.
  - assert (C : forall m, In m (counted ln ms) -> utf8 (fst m)).
    { intros m I%counted_in. apply filter_In in I as [I _]. apply (P m I). }
    clear P M E. induction T as [|m t l ts (N & _) T IH]; constructor.
    + rewrite N. apply C. left. reflexivity.
    + apply IH. intros m' I. apply C. right. exact I.
Qed.

(* ---- Tensors ---- *)

Lemma paired {A B} (R : A -> B -> Prop) l m : Forall2 R l m ->
  (forall a, In a l -> exists b, In b m /\ R a b) /\ forall b, In b m -> exists a, In a l /\ R a b.
Proof.
  induction 1 as [|a b l m H _ [L M]]; [easy|]. split; intros c [<-|I]; [exists b| |exists a|];
    cbn; auto; [destruct (L c I) as (d & J & K)|destruct (M c I) as (d & J & K)]; exists d; auto.
Qed.

(* What stages 3 to 5 leave of a tensor. *)
Lemma tensor_of_valid v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  t_name t <> text "__metadata__" /\ Forall (fun d => d < word) (t_shape t) /\ t_end t < word
  /\ exists bits, vocabulary v (t_dtype t) = Some bits /\ fits ln bits (t_shape t)
     /\ bits * product (t_shape t) = 8 * (t_end t - t_begin t).
Proof.
  intros M t I. destruct (bytes_in_file _ _ _ _ M t I) as [O _].
  destruct M as (V & h & d & ms & a & F & P & _ & T).
  destruct (proj2 (paired _ _ _ T) _ I) as ([k x] & J & N & fs & bits & E & D & S & B). clear T I.
  apply valid_iff in V as (h' & d' & ms' & a' & ps & F' & P' & _ & _ & _ & Z & _).
  destruct (framed_unique _ _ _ _ _ F F') as [<- <-].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-]. clear F F' P P'.
  pose proof (conj (ex_intro (fun n => has_dtype v ln fs n bits) _ D) S) as Sized.
  assert (Fits : fits ln bits (t_shape t)).
  { apply fitsb_iff. destruct (fitsb ln bits (t_shape t)) eqn:G; [reflexivity|].
    destruct (Z SIZE_1). exists k, x, fs, bits, (t_shape t), 0, 0.
    split; [exact J|split; [exact E|split; [exact Sized|]]].
    rewrite <- fitsb_iff, G. discriminate. }
  assert (Whole : (bits * product (t_shape t)) mod 8 = 0).
  { destruct (N.eq_dec ((bits * product (t_shape t)) mod 8) 0) as [G|G]; [exact G|].
    destruct (Z SIZE_2). exists k, x, fs, bits, (t_shape t), 0, 0. auto 6. }
  assert (Same : t_end t - t_begin t = bits * product (t_shape t) / 8).
  { destruct (N.eq_dec (t_end t - t_begin t) (bits * product (t_shape t) / 8)) as [G|G];
      [exact G|].
    destruct (Z SIZE_3). exists k, x, fs, bits, (t_shape t), (t_begin t), (t_end t). auto 9. }
  split; [|split; [|split]].
  - rewrite N. cbn [fst snd] in *. intros ->. apply counted_in, filter_In in J as [_ J].
    discriminate J.
  - destruct S as (xs & _ & S). clear - S. induction S as [|y n xs ns (l & _ & _ & _ & L) S IH];
      constructor; assumption.
  - destruct B as (y & z & _ & _ & (l & _ & _ & _ & L)). exact L.
  - exists bits. split; [|split; [exact Fits|]].
    + destruct D as (y & _ & _ & D). exact D.
    + rewrite Same. apply N.div_exact; [discriminate|exact Whole].
Qed.

(* A tensor with an axis of length 0 has no byte. *)
Theorem no_element_no_byte v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  In 0 (t_shape t) -> t_begin t = t_end t.
Proof.
  intros M t I Z. destruct (bytes_in_file _ _ _ _ M t I) as [O _].
  destruct (tensor_of_valid _ _ _ _ M t I) as (_ & _ & _ & bits & _ & _ & E).
  assert (P : product (t_shape t) = 0).
  { unfold product. clear - Z. induction (t_shape t) as [|n l IH]; [destruct Z|].
    destruct Z as [->|Z]; cbn; [reflexivity|]. rewrite (IH Z). apply N.mul_0_r. }
  rewrite P, N.mul_0_r in E. lia.
Qed.

(* ---- The minimum version of a file (section 23) ---- *)

(* Where no entry hides another of its name, the dtypes of the tensors decide. *)
Theorem minimum_version_by_dtypes v ln file R : ln duplicate_last_wins = false ->
  means latest ln file R ->
  (valid v ln file <-> Forall (fun t => vocabulary v (t_dtype t) <> None) (r_tensors R)).
Proof.
  intros D M. assert (A : age v <= age latest) by (destruct v; discriminate). split.
  - intros V. destruct (valid_is_read _ _ _ V) as [R' M'].
    rewrite (one_meaning _ _ _ _ _ M (backward v latest _ _ _ A M')).
    apply Forall_forall. intros t I.
    destruct (tensor_of_valid _ _ _ _ M' t I) as (_ & _ & _ & bits & -> & _). discriminate.
  - intros K r B. pose proof (forward v latest _ _ _ A (proj1 M) B) as ->.
    destruct M as (_ & h & d & ms & a & F & P & _ & T).
    apply (broken_behind _ _ _ _ _ _ F) in B as [[]|(ms' & a' & P' & B)].
    destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
    destruct B as [B|[(k & x & fs & bits & s & b & e & _ & _ & [])|(ps & _ & [])]].
    destruct B as (x & n & (fs & (k & y & I & E) & X) & N & W).
    unfold counted in T. rewrite D in T.
    destruct (proj1 (paired _ _ _ T) _ I) as (t & J & _ & fs' & bits & E' & Y & _).
    rewrite Forall_forall in K. apply (K t J). cbn [snd] in E'. rewrite E in E'.
    injection E' as <-. destruct Y as (x' & O & N' & _). apply once_first in O. congruence.
Qed.

(* ---- What is read can be written ---- *)

Lemma data_is_small v ln file R : means v ln file R ->
  fold_right N.add 0 (map (fun t => t_end t - t_begin t) (r_tensors R)) < word.
Proof.
  intros M. pose proof (length_of_valid _ _ _ _ M) as L.
  destruct (means_tiles _ _ _ _ M) as (_ & _ & _ & K).
  set (len := size file - _) in K. set (total := fold_right _ _ _) in *.
  destruct (N.lt_ge_cases total word) as [H|H]; [exact H|]. destruct (K LAY_5).
  assert (word <= len) by (subst len; lia). split; [unfold word in *; lia|].
  intros p (t & <- & I)%in_map_iff. destruct (tensor_of_valid _ _ _ _ M t I) as (_ & _ & E & _).
  cbn [place_of p_end]. lia.
Qed.
Lemma metadata_keys_differ v file R : means v strict file R -> NoDup (keys (r_metadata R)).
Proof.
  intros (V & h & d & ms & a & F & P & (ps & -> & E) & _). cbn [strict].
  apply valid_iff in V as (h' & d' & ms' & a' & qs & F' & P' & _ & _ & K & _).
  destruct (framed_unique _ _ _ _ _ F F') as [<- <-].
  destruct (parsed_unique _ _ _ _ _ P P') as [<- <-].
  destruct (filter is_meta ms) as [|[k m] rest] eqn:G; [rewrite E; constructor|].
  destruct m as [| | | | | |m]; try (rewrite E; constructor).
  apply nodupb_iff. destruct (nodupb (keys ps)) eqn:U; [reflexivity|].
  destruct (K META_4). split; [discriminate|]. exists m. split; [exists k, rest; exact G|].
  replace (keys m) with (keys ps) by (subst m; unfold keys; rewrite map_map; reflexivity).
  rewrite <- nodupb_iff, U. discriminate.
Qed.
(* The offsets are written anew and may need more digits, so the header text can become longer. *)
Theorem what_is_read_can_be_written file R : means latest strict file R ->
  size (header_of (Canonical.model_read file R)) <= max_header ->
  writable (Canonical.model_read file R).
Proof.
  intros M H. pose proof (bytes_of_tensor _ _ _ _ M) as S.
  destruct (read_strings_are_utf8 _ _ _ _ M) as [U U'].
  split; [exact (metadata_keys_differ _ _ _ M)|split; [exact U|split]].
  { cbn [Canonical.model_read m_items]. rewrite map_map. cbn [i_name].
    destruct (means_tiles _ _ _ _ M) as (_ & N & _). rewrite map_map in N. exact N. }
  split; [exact H|split].
  - apply N.le_lt_trans with (2 := data_is_small _ _ _ _ M).
    cbn [Canonical.model_read m_items]. clear - S. induction (r_tensors R) as [|t l IH]; [easy|].
    cbn [map flat_map i_bytes fold_right]. rewrite size_app, (S t (or_introl eq_refl)).
    apply N.add_le_mono_l, IH. intros t' I. apply S. right. exact I.
  - cbn [Canonical.model_read m_items]. apply Forall_map, Forall_forall. intros t I.
    cbn [i_name i_dtype i_shape i_bytes]. rewrite Forall_forall in U'.
    destruct (tensor_of_valid _ _ _ _ M t I) as (N & L & _ & bits & V & F & E).
    split; [exact (U' t I)|split; [exact N|split; [exact L|]]]. exists bits.
    rewrite (S t I). auto.
Qed.

(* ---- The example of section 18.1, its tensors in another order than they are written in ---- *)

Definition example : model := Model [(text "made by", text "hand")]
  [Item (text "codes") (text "U8") [3] [7; 8; 9];
   Item (text "empty") (text "F32") [0; 3] [];
   Item (text "bias") (text "F32") [2] [0; 0; 128; 63; 0; 0; 0; 192];
   Item (text "scale") (text "F64") [] [0; 0; 0; 0; 0; 0; 224; 63]].
Definition example_header : bytes := Eval vm_compute in text (
  "{""__metadata__"":{""made by"":""hand""}," ++
  """scale"":{""dtype"":""F64"",""shape"":[],""data_offsets"":[0,8]}," ++
  """bias"":{""dtype"":""F32"",""shape"":[2],""data_offsets"":[8,16]}," ++
  """empty"":{""dtype"":""F32"",""shape"":[0,3],""data_offsets"":[16,16]}," ++
  """codes"":{""dtype"":""U8"",""shape"":[3],""data_offsets"":[16,19]}}     ").
Definition example_file : bytes := [16; 1; 0; 0; 0; 0; 0; 0] ++ example_header
  ++ [0; 0; 0; 0; 0; 0; 224; 63; 0; 0; 128; 63; 0; 0; 0; 192; 7; 8; 9].

Example example_is_writable : writable example.
Proof.
  split; [apply nodupb_iff; vm_compute; reflexivity|].
  split; [repeat (apply Forall_cons; [split; apply utf8b_iff; vm_compute; reflexivity|]);
          apply Forall_nil|].
  split; [apply nodupb_iff; vm_compute; reflexivity|].
  split; [apply N.leb_le; vm_compute; reflexivity|].
  split; [apply N.ltb_lt; vm_compute; reflexivity|].
  repeat (apply Forall_cons; [|]); try apply Forall_nil;
    (split; [apply utf8b_iff; vm_compute; reflexivity|split; [discriminate|split]]);
    try (repeat (apply Forall_cons; [reflexivity|]); apply Forall_nil);
    (eexists; split; [vm_compute; reflexivity|]; split; [left|]; vm_compute; reflexivity).
Qed.
Example example_is_written : canonical example = example_file.
Proof. vm_compute. reflexivity. Qed.
Example example_length : size example_file = 299.
Proof. reflexivity. Qed.
