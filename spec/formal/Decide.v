(* Decide.v: how the definitions of Format.v are computed. Every function here is proved to decide
   what Format.v says (Text.v, Structure.v, Layout.v, Check.v), so nobody has to believe it. *)
From Coq Require Import List NArith Bool String Ascii Orders Mergesort Lia.
From Safetensors Require Import Tables Format.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- Text ---- *)

Definition withinb (low high b : N) : bool := (low <=? b) && (b <=? high).
Definition tailb := withinb 128 191.
Definition threeb (a b : N) : bool :=
  (a =? 224) && withinb 160 191 b || withinb 225 236 a && tailb b
  || (a =? 237) && withinb 128 159 b || withinb 238 239 a && tailb b.
Definition fourb (a b : N) : bool :=
  (a =? 240) && withinb 144 191 b || withinb 241 243 a && tailb b || (a =? 244) && withinb 128 143 b.
Fixpoint utf8b (l : bytes) : bool :=
  match l with
  | [] => true
  | a :: r =>
    if a <=? 127 then utf8b r else
    match r with
    | [] => false
    | b :: r =>
      if withinb 194 223 a then tailb b && utf8b r else
      match r with
      | [] => false
      | c :: r =>
        if threeb a b then tailb c && utf8b r else
        match r with
        | [] => false
        | d :: r => fourb a b && tailb c && tailb d && utf8b r
        end
      end
    end
  end.

Fixpoint span (p : N -> bool) (i : bytes) : bytes * bytes :=
  match i with
  | b :: r => if p b then let (l, r) := span p r in (b :: l, r) else ([], i)
  | [] => ([], [])
  end.
Definition digitb := withinb 48 57.
Definition integerb (l : bytes) : bool :=
  match l with
  | [] => false
  | b :: r => if b =? 48 then match r with [] => true | _ => false end
              else withinb 49 57 b && forallb digitb r
  end.
Definition digitsb (l : bytes) : bool :=
  match l with [] => false | _ => forallb digitb l end.
(* What is left after a minus, an integer, a fraction. *)
Definition exponentb (l : bytes) : bool :=
  match l with
  | [] => true
  | e :: r => ((e =? 101) || (e =? 69)) &&
    match r with
    | s :: d => if (s =? 43) || (s =? 45) then digitsb d else digitsb r
    | [] => false
    end
  end.
Definition fractionb (l : bytes) : bool :=
  match l with
  | b :: r => if b =? 46 then let (d, e) := span digitb r in digitsb d && exponentb e
              else exponentb l
  | [] => true
  end.
Definition numberb (l : bytes) : bool :=
  let l := match l with b :: r => if b =? 45 then r else l | [] => [] end in
  let (i, r) := span digitb l in integerb i && fractionb r.
Definition number_startb (b : N) : bool := digitb b || (b =? 43) || (b =? 45) || (b =? 46).
Definition number_byteb (b : N) : bool := number_startb b || (b =? 101) || (b =? 69).

Definition hex4b (i : bytes) : option (N * bytes) :=
  match i with
  | a :: b :: c :: d :: r =>
    match hex a, hex b, hex c, hex d with
    | Some a, Some b, Some c, Some d => Some (((a * 16 + b) * 16 + c) * 16 + d, r)
    | _, _, _, _ => None
    end
  | _ => None
  end.
Definition unitb (i : bytes) : option (N * bytes) :=
  match i with
  | b :: u :: r => if (b =? 92) && (u =? 117) then hex4b r else None
  | _ => None
  end.
Definition highb := withinb 55296 56319.
Definition lowb := withinb 56320 57343.
Definition escapeb (r : bytes) : outcome bytes := (* behind a reverse solidus *)
  match r with
  | [] => Fault JSON_1
  | e :: r =>
    if e =? 117 then
      match hex4b r with
      | None => Fault JSON_3
      | Some (u, j) =>
        if highb u then
          match unitb j with
          | Some (v, k) => if lowb v then Got (encode (pair u v)) k else Fault JSON_4
          | None => Fault JSON_4
          end
        else if lowb u then Fault JSON_4 else Got (encode u) j
      end
    else match find (fun row => fst row =? e) escapes with
         | Some (_, b) => Got [b] r
         | None => Fault JSON_3
         end
  end.
Definition charb (i : bytes) : outcome bytes :=
  match i with
  | [] => Fault JSON_1
  | b :: r => if b =? 92 then escapeb r else if b <? 32 then Fault JSON_2 else Got [b] r
  end.
(* [None] stands for a number of steps that is too small. *)
Fixpoint charsb (steps : nat) (i : bytes) : option (outcome bytes) :=
  match steps, i with
  | O, _ => None
  | S steps, b :: r =>
    if b =? 34 then Some (Got [] r) else
    match charb i with
    | Got c j => option_map (turn (app c)) (charsb steps j)
    | Fault k => Some (Fault k)
    end
  | S _, [] => Some (Fault JSON_1)
  end.

Fixpoint strip (l i : bytes) : option bytes :=
  match l, i with
  | [], _ => Some i
  | a :: l, b :: i => if a =? b then strip l i else None
  | _ :: _, [] => None
  end.
Fixpoint wordb (rows : list (bytes * json)) (i : bytes) : outcome json :=
  match rows with
  | [] => Fault JSON_1
  | (l, v) :: rows => match strip l i with Some r => Got v r | None => wordb rows i end
  end.
Fixpoint valueb (steps : nat) (i : bytes) : option (outcome json) :=
  match steps, i with
  | O, _ => None
  | S _, [] => Some (Fault JSON_1)
  | S steps, b :: r =>
    if b =? 34 then option_map (turn JString) (charsb steps r)
    else if b =? 91 then
      match strip [93] (skip r) with
      | Some j => Some (Got (JArray []) j)
      | None => option_map (turn JArray) (elementsb steps r)
      end
    else if b =? 123 then
      match strip [125] (skip r) with
      | Some j => Some (Got (JObject []) j)
      | None => option_map (turn JObject) (membersb steps r)
      end
    else if number_startb b then
      let (l, j) := span number_byteb i in
      Some (if numberb l then Got (JNumber l) j else Fault JSON_5)
    else Some (wordb words i)
  end
with elementsb (steps : nat) (i : bytes) : option (outcome (list json)) :=
  match steps with
  | O => None
  | S steps =>
    match valueb steps (skip i) with
    | Some (Got v j) =>
      match skip j with
      | b :: k => if b =? 93 then Some (Got [v] k)
                  else if b =? 44 then option_map (turn (cons v)) (elementsb steps k)
                  else Some (Fault JSON_1)
      | [] => Some (Fault JSON_1)
      end
    | Some (Fault k) => Some (Fault k)
    | None => None
    end
  end
with membersb (steps : nat) (i : bytes) : option (outcome (list (bytes * json))) :=
  match steps with
  | O => None
  | S steps =>
    match memberb steps i with
    | Some (Got m j) =>
      match skip j with
      | b :: k => if b =? 125 then Some (Got [m] k)
                  else if b =? 44 then option_map (turn (cons m)) (membersb steps k)
                  else Some (Fault JSON_1)
      | [] => Some (Fault JSON_1)
      end
    | Some (Fault k) => Some (Fault k)
    | None => None
    end
  end
with memberb (steps : nat) (i : bytes) : option (outcome (bytes * json)) :=
  match steps with
  | O => None
  | S steps =>
    match strip [34] (skip i) with
    | None => Some (Fault JSON_1)
    | Some j =>
      match charsb steps j with
      | Some (Got s k) =>
        match strip [58] (skip k) with
        | Some l => option_map (turn (Datatypes.pair s)) (valueb steps (skip l))
        | None => Some (Fault JSON_1)
        end
      | Some (Fault k) => Some (Fault k)
      | None => None
      end
    end
  end.
Fixpoint steps_for (i : bytes) (steps : nat) : nat :=
  match i with [] => steps | _ :: i => steps_for i (S (S (S steps))) end.
(* What stands at the start of a text. *)
Definition parse (i : bytes) : outcome json :=
  match valueb (steps_for i 3) i with Some o => o | None => Fault JSON_1 end.

(* Stage 2: the members of the object and what is after it; [None] if the grammar is not judged. *)
Definition parsedb (header : bytes) : option (outcome (list (bytes * json))) :=
  if utf8b header && match header with b :: _ => (b =? 123) || space b | [] => false end then
    Some match strip [123] (skip header) with
         | Some _ => match parse (skip header) with
                     | Got (JObject ms) after => Got ms after
                     | Got _ _ => Fault JSON_1
                     | Fault k => Fault k
                     end
         | None => Fault JSON_1
         end
  else None.
Definition same_rule (a b : rule) : bool := rank a =? rank b.
Definition text_brokenb (ln : lenience) (header : bytes) (stage : option (outcome (list (bytes * json))))
    (r : rule) : bool :=
  match r with
  | TXT_1 => negb match header with
                  | b :: _ => (b =? 123) || ln leading_whitespace && space b
                  | [] => false
                  end
  | TXT_2 => negb (utf8b header)
  | JSON_1 | JSON_2 | JSON_3 | JSON_4 | JSON_5 =>
    match stage with Some (Fault k) => same_rule k r | _ => false end
  | PAD_1 =>
    match stage with
    | Some (Got _ after) =>
      existsb (fun b => negb ((b =? 32) || ln trailing_whitespace && space b)) after
    | _ => false
    end
  | _ => false
  end.

(* ---- Structure ---- *)

Module NameOrder <: TotalLeBool.
  Definition t := bytes.
  Definition leb := before.
  Theorem leb_total : forall a b, leb a b = true \/ leb b a = true.
  Proof.
    unfold leb. induction a as [|x a IH]; intros [|y b]; cbn; auto.
    destruct (N.ltb_spec x y), (N.ltb_spec y x), (N.eqb_spec x y), (N.eqb_spec y x); cbn; auto; lia.
  Qed.
End NameOrder.
Module NameSort := Sort NameOrder.
Fixpoint no_twins (l : list bytes) : bool :=
  match l with
  | a :: (b :: _) as r => negb (same a b) && no_twins r
  | _ => true
  end.
Definition nodupb (l : list bytes) : bool := no_twins (NameSort.sort l).

Definition someb {A} (p : A -> bool) (o : option A) : bool :=
  match o with Some a => p a | None => false end.
Definition noneb {A} (o : option A) : bool := match o with Some _ => false | None => true end.
Definition inb (k : bytes) (l : list bytes) : bool := existsb (same k) l.
(* The constants of Format.v, computed once. *)
Definition k_metadata := Eval compute in text "__metadata__".
Definition k_dtype := Eval compute in text "dtype".
Definition k_shape := Eval compute in text "shape".
Definition k_offsets := Eval compute in text "data_offsets".
Definition dtype_rows : list (bytes * (N * N)) := Eval compute in
  map (fun row => (text (fst (fst row)), (snd (fst row), age (snd row)))) dtypes.
Definition vocabularyb (v : version) (name : bytes) : option N :=
  option_map (fun row => fst (snd row))
    (find (fun row => same (fst row) name && (snd (snd row) <=? age v)) dtype_rows).
Definition is_metab {A} (m : bytes * A) : bool := named k_metadata m.

Definition object_fields (v : json) : option (list (bytes * json)) :=
  match v with JObject fs => Some fs | _ => None end.
Definition array (v : json) : option (list json) :=
  match v with JArray xs => Some xs | _ => None end.
Definition string (v : json) : option bytes := match v with JString s => Some s | _ => None end.
Definition spelled (v : json) : option bytes := match v with JNumber l => Some l | _ => None end.
Definition is_null (v : json) : bool := match v with JNull => true | _ => false end.
Definition more_than_one {A} (l : list A) : bool := match l with _ :: _ :: _ => true | _ => false end.

Definition elementb (p : json -> bool) (fs : list (bytes * json)) : bool :=
  existsb (fun k => someb (existsb p) match first k fs with Some x => array x | None => None end)
          (tl field_names).
(* The rules on one entry, by its fields. *)
Definition entry_brokenb (v : version) (ln : lenience) (fs : list (bytes * json)) (r : rule) : bool :=
  match r with
  | ENT_2 => existsb (fun k => negb (inb k (keys fs))) field_names
  | ENT_3 => existsb (fun k => more_than_one (filter (named k) fs)) field_names
  | ENT_4 => negb (ln unknown_fields) && existsb (fun k => negb (inb k field_names)) (keys fs)
  | DT_1 => someb (fun x => noneb (dtype_name ln x)) (first k_dtype fs)
  | DT_2 => someb (fun x => someb (fun d => noneb (vocabularyb v d)) (dtype_name ln x))
              (first k_dtype fs)
  | SHP_1 => someb (fun x => noneb (array x)) (first k_shape fs)
  | OFF_1 => someb (fun x => noneb (array x)) (first k_offsets fs)
  | OFF_2 => someb (fun x => someb (fun xs => negb (size xs =? 2)) (array x))
               (first k_offsets fs)
  | INT_1 => elementb (fun x => noneb (spelled x)) fs
  | INT_2 => elementb (fun x => someb (fun l => negb (integerb l)) (spelled x)) fs
  | INT_3 => elementb (fun x => someb (fun l => integerb l && (word <=? decimal l)) (spelled x)) fs
  | _ => false
  end.
Definition metadata_brokenb (ln : lenience) (metas : list (bytes * json)) (r : rule) : bool :=
  match metas with
  | [] => false
  | (_, m) :: more =>
    match r with
    | META_1 => match more with [] => false | _ => true end
    | META_2 => noneb (object_fields m) && negb (ln null_metadata && is_null m)
    | META_3 => someb (existsb (fun p => noneb (string (snd p)))) (object_fields m)
    | META_4 => negb (ln duplicate_metadata_last_wins)
                && someb (fun ps => negb (nodupb (keys ps))) (object_fields m)
    | _ => false
    end
  end.
Definition structure_brokenb (v : version) (ln : lenience) (metas es : list (bytes * json)) (r : rule) : bool :=
  match r with
  | NAME_1 => negb (ln duplicate_last_wins) && negb (nodupb (keys es))
  | META_1 | META_2 | META_3 | META_4 => metadata_brokenb ln metas r
  | ENT_1 => existsb (fun m => noneb (fields ln (snd m))) es
  | _ => existsb (fun m => someb (fun fs => entry_brokenb v ln fs r) (fields ln (snd m))) es
  end.

(* ---- Sizes ---- *)

Definition uintb (v : json) : option N :=
  match v with
  | JNumber l => if integerb l && (decimal l <? word) then Some (decimal l) else None
  | _ => None
  end.
Fixpoint uintsb (vs : list json) : option (list N) :=
  match vs with
  | [] => Some []
  | v :: r => match uintb v, uintsb r with Some n, Some ns => Some (n :: ns) | _, _ => None end
  end.
Definition dtypeb (v : version) (ln : lenience) fs : option (bytes * N) :=
  match once k_dtype fs with
  | Some x => match dtype_name ln x with
              | Some d => option_map (Datatypes.pair d) (vocabularyb v d)
              | None => None
              end
  | None => None
  end.
Definition shapeb fs : option (list N) :=
  match once k_shape fs with
  | Some x => match array x with Some xs => uintsb xs | None => None end
  | None => None
  end.
Definition offsetsb fs : option (N * N) :=
  match once k_offsets fs with
  | Some (JArray [x; y]) =>
    match uintb x, uintb y with Some b, Some e => Some (b, e) | _, _ => None end
  | _ => None
  end.
Definition fitsb (ln : lenience) (bits : N) (shape : list N) : bool :=
  (product (filter (fun d => negb (d =? 0)) shape) * bits <? word)
  || ln zero_absorbs_overflow && existsb (N.eqb 0) shape.
Definition countedb (ln : lenience) (es : list (bytes * json)) :=
  if ln duplicate_last_wins && negb (nodupb (keys es)) then last_of_each es else es.
Definition size_of_entry_brokenb (v : version) (ln : lenience) fs (r : rule) : bool :=
  match r with
  | OFF_3 => someb (fun o => snd o <? fst o) (offsetsb fs)
  | SIZE_1 | SIZE_2 | SIZE_3 =>
    match dtypeb v ln fs, shapeb fs with
    | Some (_, bits), Some shape =>
      let fit := fitsb ln bits shape in
      let all := bits * product shape in
      match r with
      | SIZE_1 => negb fit
      | SIZE_2 => fit && negb (all mod 8 =? 0)
      | _ => fit && (all mod 8 =? 0) &&
             someb (fun o => (fst o <=? snd o) && negb (snd o - fst o =? all / 8)) (offsetsb fs)
      end
    | _, _ => false
    end
  | _ => false
  end.
Definition size_brokenb (v : version) (ln : lenience) (counted : list (bytes * json)) (r : rule) : bool :=
  existsb (fun m => someb (fun fs => size_of_entry_brokenb v ln fs r) (fields ln (snd m))) counted.

(* ---- Layout ---- *)

Module PlaceOrder <: TotalLeBool.
  Definition t := place.
  Definition leb (p q : place) : bool :=
    (p_begin p <? p_begin q) || (p_begin p =? p_begin q) && (p_end p <=? p_end q).
  Theorem leb_total : forall p q, leb p q = true \/ leb q p = true.
  Proof.
    intros p q; unfold leb.
    destruct (N.ltb_spec (p_begin p) (p_begin q)) as [A|A]; [left; reflexivity|].
    destruct (N.ltb_spec (p_begin q) (p_begin p)) as [B|B]; [right; reflexivity|].
    rewrite (N.le_antisymm _ _ B A), N.eqb_refl; cbn.
    destruct (N.le_ge_cases (p_end p) (p_end q)) as [C|C]; [left|right]; apply N.leb_le; exact C.
  Qed.
End PlaceOrder.
Module PlaceSort := Sort PlaceOrder.

Fixpoint placesb (ln : lenience) (counted : list (bytes * json)) : option (list place) :=
  match counted with
  | [] => Some []
  | (k, x) :: r =>
    match fields ln x with
    | Some fs =>
      match offsetsb fs, placesb ln r with
      | Some (b, e), Some ps => if b <=? e then Some (Place k b e :: ps) else None
      | _, _ => None
      end
    | None => None
    end
  end.
Definition placedb (ln : lenience) (counted : list (bytes * json)) : option (list place) :=
  if nodupb (keys counted) then placesb ln counted else None.
(* Whether a place breaks a rule behind those that reach up to [reached]. *)
Definition place_brokenb (len reached : N) (p : place) (r : rule) : bool :=
  match r with
  | LAY_1 => len <? p_end p
  | LAY_2 => p_begin p <? N.min (p_end p) (N.min reached len)
  | LAY_3 => (p_begin p =? p_end p) && (p_begin p <? reached)
  | LAY_4 => reached <? N.min (p_begin p) len
  | _ => false
  end.
(* [ps] is sorted by (BEGIN, END). *)
Fixpoint sweep (len reached : N) (ps : list place) (r : rule) : bool :=
  match ps with
  | [] => match r with LAY_5 => reached <? len | _ => false end
  | p :: ps => place_brokenb len reached p r || sweep len (N.max reached (p_end p)) ps r
  end.

(* ---- The file ---- *)

Definition metadata_of_members (ln : lenience) (metas : list (bytes * json)) : list (bytes * bytes) :=
  match metas with
  | (_, JObject m) :: _ =>
    let ps := flat_map (fun p => match snd p with JString s => [(fst p, s)] | _ => [] end) m in
    if ln duplicate_metadata_last_wins && negb (nodupb (keys ps)) then last_of_each ps else ps
  | _ => []
  end.
Definition tensor_of (v : version) (ln : lenience) (m : bytes * json) : list tensor :=
  match fields ln (snd m) with
  | Some fs =>
    match dtypeb v ln fs, shapeb fs, offsetsb fs with
    | Some (d, _), Some shape, Some (b, e) => [Tensor (fst m) d shape b e]
    | _, _, _ => []
    end
  | None => []
  end.

(* A header text in front of [len] bytes: the rules that are broken, in the order of the text, and the
   reading if there is none. *)
Definition judge (v : version) (ln : lenience) (header : bytes) (len : N) : list rule * reading :=
  let stage := parsedb header in
  let textual r := text_brokenb ln header stage r in
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

(* A file by its first bytes, at least 8 and the header text if there are as many, and its length. *)
Definition look (v : version) (ln : lenience) (head : bytes) (len : N) : list rule * reading :=
  if len <? 8 then ([LEN_1], Reading [] []) else
  let n := little (firstn 8 head) in
  if max_header <? n then ([LEN_2], Reading [] []) else
  if len - 8 <? n then ([LEN_3], Reading [] []) else
  judge v ln (firstn (N.to_nat n) (skipn 8 head)) (len - 8 - n).

Inductive verdict : Set := Accepted (R : reading) | Refused (r : rule).
Definition verdict_of (l : list rule * reading) : verdict :=
  match l with ([], R) => Accepted R | (r :: _, _) => Refused r end.
Definition check (v : version) (ln : lenience) (file : bytes) : verdict :=
  verdict_of (look v ln file (size file)).
