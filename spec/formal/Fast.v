(* Fast.v: [look] of Decide.v for long header texts. A text takes one cell for each byte, and no
   stack: nothing is copied that need not be, strings are gathered with an accumulator, and the text
   is let go while it is parsed. Nobody has to believe it: [look_is_look] says that it is the same. *)
From Coq Require Import List NArith Bool.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* The first [n] of a list, which is the list itself where there are no more. *)
Definition upto {A} (n : nat) (l : list A) : list A :=
  match skipn n l with [] => l | _ => firstn n l end.
Lemma upto_firstn : forall A n (l : list A), upto n l = firstn n l.
Proof.
  intros A n l; unfold upto. destruct (skipn n l) eqn:E; [|reflexivity].
  rewrite <- (firstn_skipn n l) at 1. rewrite E, app_nil_r. reflexivity.
Qed.

(* [gathered] holds what is read already, the last first. *)
Fixpoint charsf (steps : nat) (gathered i : bytes) : option (outcome bytes) :=
  match steps, i with
  | O, _ => None
  | S steps, b :: r =>
    if b =? 34 then Some (Got (rev_append gathered []) r) else
    match charb i with
    | Got c j => charsf steps (rev_append c gathered) j
    | Fault k => Some (Fault k)
    end
  | S _, [] => Some (Fault JSON_1)
  end.
Lemma charsf_charsb : forall steps gathered i,
  charsf steps gathered i = option_map (turn (app (rev gathered))) (charsb steps i).
Proof.
  induction steps as [|steps IH]; intros gathered [|b r]; try reflexivity; cbn [charsf charsb].
  destruct (b =? 34).
  - cbn. rewrite rev_append_rev. reflexivity.
  - destruct (charb (b :: r)) as [c j|k]; [|reflexivity].
    rewrite IH, rev_append_rev, rev_app_distr, rev_involutive.
    destruct (charsb steps j) as [[s l|k]|]; cbn; try reflexivity. rewrite app_assoc. reflexivity.
Qed.
Definition stringf (steps : nat) (i : bytes) : option (outcome bytes) := charsf steps [] i.
Lemma stringf_charsb : forall steps i, stringf steps i = charsb steps i.
Proof.
  intros. unfold stringf. rewrite charsf_charsb.
  destruct (charsb steps i) as [[s l|k]|]; reflexivity.
Qed.

(* The same as [valueb] and those beside it, but for strings. *)
Fixpoint valuef (steps : nat) (i : bytes) : option (outcome json) :=
  match steps, i with
  | O, _ => None
  | S _, [] => Some (Fault JSON_1)
  | S steps, b :: r =>
    if b =? 34 then option_map (turn JString) (stringf steps r)
    else if b =? 91 then
      match strip [93] (skip r) with
      | Some j => Some (Got (JArray []) j)
      | None => option_map (turn JArray) (elementsf steps r)
      end
    else if b =? 123 then
      match strip [125] (skip r) with
      | Some j => Some (Got (JObject []) j)
      | None => option_map (turn JObject) (membersf steps r)
      end
    else if number_startb b then
      let (l, j) := span number_byteb i in
      Some (if numberb l then Got (JNumber l) j else Fault JSON_5)
    else Some (wordb words i)
  end
with elementsf (steps : nat) (i : bytes) : option (outcome (list json)) :=
  match steps with
  | O => None
  | S steps =>
    match valuef steps (skip i) with
    | Some (Got v j) =>
      match skip j with
      | b :: k => if b =? 93 then Some (Got [v] k)
                  else if b =? 44 then option_map (turn (cons v)) (elementsf steps k)
                  else Some (Fault JSON_1)
      | [] => Some (Fault JSON_1)
      end
    | Some (Fault k) => Some (Fault k)
    | None => None
    end
  end
with membersf (steps : nat) (i : bytes) : option (outcome (list (bytes * json))) :=
  match steps with
  | O => None
  | S steps =>
    match memberf steps i with
    | Some (Got m j) =>
      match skip j with
      | b :: k => if b =? 125 then Some (Got [m] k)
                  else if b =? 44 then option_map (turn (cons m)) (membersf steps k)
                  else Some (Fault JSON_1)
      | [] => Some (Fault JSON_1)
      end
    | Some (Fault k) => Some (Fault k)
    | None => None
    end
  end
with memberf (steps : nat) (i : bytes) : option (outcome (bytes * json)) :=
  match steps with
  | O => None
  | S steps =>
    match strip [34] (skip i) with
    | None => Some (Fault JSON_1)
    | Some j =>
      match stringf steps j with
      | Some (Got s k) =>
        match strip [58] (skip k) with
        | Some l => option_map (turn (Datatypes.pair s)) (valuef steps (skip l))
        | None => Some (Fault JSON_1)
        end
      | Some (Fault k) => Some (Fault k)
      | None => None
      end
    end
  end.
Lemma all_the_same : forall steps i,
  valuef steps i = valueb steps i /\ elementsf steps i = elementsb steps i
  /\ membersf steps i = membersb steps i /\ memberf steps i = memberb steps i.
Proof.
  induction steps as [|steps IH]; intros i; [repeat split; reflexivity|].
  assert (V : forall i, valuef steps i = valueb steps i) by (intros j; apply (IH j)).
  assert (E : forall i, elementsf steps i = elementsb steps i) by (intros j; apply (IH j)).
  assert (M : forall i, membersf steps i = membersb steps i) by (intros j; apply (IH j)).
  assert (K : forall i, memberf steps i = memberb steps i) by (intros j; apply (IH j)).
  clear IH. repeat split.
  - destruct i as [|b r]; [reflexivity|]. cbn [valuef valueb].
    rewrite stringf_charsb, E, M. reflexivity.
  - cbn [elementsf elementsb]. rewrite V. destruct (valueb steps (skip i)) as [[v j|k]|]; try reflexivity.
    destruct (skip j); [reflexivity|]. rewrite E. reflexivity.
  - cbn [membersf membersb]. rewrite K. destruct (memberb steps i) as [[m j|k]|]; try reflexivity.
    destruct (skip j); [reflexivity|]. rewrite M. reflexivity.
  - cbn [memberf memberb]. destruct (strip [34] (skip i)) as [j|]; [|reflexivity].
    rewrite stringf_charsb. destruct (charsb steps j) as [[s k|k]|]; try reflexivity.
    destruct (strip [58] (skip k)); [|reflexivity]. rewrite V. reflexivity.
Qed.

Definition parse (i : bytes) : outcome json :=
  match valuef (steps_for i 3) i with Some o => o | None => Fault JSON_1 end.
Definition parsedf (fine : bool) (header : bytes) : option (outcome (list (bytes * json))) :=
  if fine && match header with b :: _ => (b =? 123) || space b | [] => false end then
    Some match strip [123] (skip header) with
         | Some _ => match parse (skip header) with
                     | Got (JObject ms) after => Got ms after
                     | Got _ _ => Fault JSON_1
                     | Fault k => Fault k
                     end
         | None => Fault JSON_1
         end
  else None.
Lemma parsedf_parsedb : forall header, parsedf (utf8b header) header = parsedb header.
Proof.
  intros. unfold parsedf, parsedb, parse, Decide.parse.
  rewrite (proj1 (all_the_same (steps_for (skip header) 3) (skip header))). reflexivity.
Qed.

(* What is to be said of the text itself is said before it is parsed. *)
Definition judged (v : version) (ln : lenience) (txt1 txt2 : bool)
    (stage : option (outcome (list (bytes * json)))) (len : N) : list rule * reading :=
  let textual r := match r with TXT_1 => txt1 | TXT_2 => txt2 | _ => text_brokenb ln [] stage r end in
  match stage with
  | Some (Got ms _) =>
    let metas := filter is_metab ms in
    let es := filter (fun m => negb (is_metab m)) ms in
    let counted := countedb ln es in
    let places := option_map PlaceSort.sort (placedb ln counted) in
    (filter (fun r => textual r || structure_brokenb v ln metas es r || size_brokenb v ln counted r
                      || someb (fun ps => sweep len 0 ps r) places) rules,
     Reading (metadata_of_members ln metas) (flat_map (tensor_of v ln) counted))
  | _ => (filter textual rules, Reading [] [])
  end.
Definition judge (v : version) (ln : lenience) (header : bytes) (len : N) : list rule * reading :=
  let fine := utf8b header in
  let txt1 := text_brokenb ln header None TXT_1 in
  judged v ln txt1 (negb fine) (parsedf fine header) len.
Lemma judge_is_judge : forall v ln header len, judge v ln header len = Decide.judge v ln header len.
Proof.
  intros. unfold judge, Decide.judge, judged. rewrite parsedf_parsedb.
  destruct (parsedb header) as [[ms after|k]|]; apply (f_equal2 Datatypes.pair);
    (apply filter_ext; intros []; reflexivity) || apply eq_refl.
Qed.

Definition look (v : version) (ln : lenience) (head : bytes) (len : N) : list rule * reading :=
  if len <? 8 then ([LEN_1], Reading [] []) else
  let n := little (firstn 8 head) in
  if max_header <? n then ([LEN_2], Reading [] []) else
  if len - 8 <? n then ([LEN_3], Reading [] []) else
  judge v ln (upto (N.to_nat n) (skipn 8 head)) (len - 8 - n).
Theorem look_is_look : forall v ln head len, look v ln head len = Decide.look v ln head len.
Proof.
  intros. unfold look, Decide.look. cbv zeta. rewrite upto_firstn.
  destruct (len <? 8); [reflexivity|]. destruct (max_header <? _); [reflexivity|].
  destruct (_ <? _); [reflexivity|]. apply judge_is_judge.
Qed.
