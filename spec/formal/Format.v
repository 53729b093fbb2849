(* What the format is: what a person has to read and believe. The lists of rules, versions, dtypes
   and leniencies stand in Tables.v, generated from the tables of the text; the theorems stand in
   Guarantee.v. A byte is a number. Sections are those of safetensors.md, and rules have their ids. *)
From Coq Require Import List NArith Bool String Ascii. From Safetensors Require Import Tables.
Import ListNotations. Open Scope list_scope. Open Scope N_scope. Coercion is_true : bool >-> Sortclass.
Definition bytes := list N. Definition word : N := 2 ^ 64.
Definition text (s : string) : bytes := map N_of_ascii (list_ascii_of_string s).
Definition size {A} (l : list A) : N := N.of_nat (List.length l).
Definition keys {A} (l : list (bytes * A)) : list bytes := map fst l.
Definition within (low high b : N) : Prop := low <= b <= high.
Definition starts (p : N -> Prop) (i : bytes) : Prop := exists b r, i = b :: r /\ p b.
Definition none_of (l i : bytes) : Prop := ~ starts (fun b => In b l) i.
(* ---- Section 5: N, header text, data buffer. Byte 0 of N is the least significant. ---- *)
Definition little (l : bytes) : N := fold_right (fun b n => b + 256 * n) 0 l.
Definition prefixed (file : bytes) (n : N) (rest : bytes) : Prop :=
  exists eight, file = eight ++ rest /\ List.length eight = 8%nat /\ n = little eight.
Definition framed (file header data : bytes) : Prop :=
  prefixed file (size header) (header ++ data) /\ size header <= max_header.
Definition framing_broken (file : bytes) (r : rule) : Prop :=
  match r with
  | LEN_1 => size file < 8
  | LEN_2 => exists n rest, prefixed file n rest /\ max_header < n
  | LEN_3 => exists n rest, prefixed file n rest /\ n <= max_header /\ size rest < n
  | _ => False end.
(* ---- Section 6: UTF-8 (TXT-2), by the table in section 4 of RFC 3629. ---- *)
Definition tail := (128, 191). Definition sequences : list (list (N * N)) :=
  [[(0, 127)]; [(194, 223); tail]; [(224, 224); (160, 191); tail]; [(225, 236); tail; tail];
   [(237, 237); (128, 159); tail]; [(238, 239); tail; tail]; [(240, 240); (144, 191); tail; tail];
   [(241, 243); tail; tail; tail]; [(244, 244); (128, 143); tail; tail]].
Inductive utf8 : bytes -> Prop := utf8_end : utf8 []
| utf8_more s ranges r : In ranges sequences ->
    Forall2 (fun b range => within (fst range) (snd range) b) s ranges -> utf8 r -> utf8 (s ++ r).
(* JSON-6: what may stand between tokens. JSON-5: numbers, and what they and misspelled ones hold. *)
Definition space (b : N) : bool := (b =? 32) || (b =? 9) || (b =? 10) || (b =? 13).
Fixpoint skip (i : bytes) : bytes :=
  match i with b :: r => if space b then skip r else i | [] => [] end.
Definition digits (l : bytes) : Prop := l <> [] /\ Forall (within 48 57) l.
Definition integer (l : bytes) : Prop := l = [48] \/ starts (within 49 57) l /\ digits l.
Definition number (l : bytes) : Prop := exists minus int fraction exponent,
  l = minus ++ int ++ fraction ++ exponent /\ In minus [[]; text "-"] /\ integer int
  /\ (fraction = [] \/ exists d, fraction = text "." ++ d /\ digits d)
  /\ (exponent = [] \/ exists e sign d, exponent = e ++ sign ++ d /\ In e [text "e"; text "E"]
      /\ In sign [[]; text "+"; text "-"] /\ digits d).
Definition number_start := text "0123456789+-.". Definition number_bytes := text "0123456789+-.eE".
(* JSON-3, JSON-4, JSON-7: escapes, and the UTF-16 code unit of one that begins with \u. *)
Definition escapes : list (N * N) := (* the letter, and what it means *)
  [(34, 34); (92, 92); (47, 47); (98, 8); (102, 12); (110, 10); (114, 13); (116, 9)].
Definition hex (b : N) : option N :=
  if (48 <=? b) && (b <=? 57) then Some (b - 48) else if (65 <=? b) && (b <=? 70) then Some (b - 55)
  else if (97 <=? b) && (b <=? 102) then Some (b - 87) else None.
Definition unit (i : bytes) : option (N * bytes) := (* the unit, and what follows *)
  match i with
  | 92 :: 117 :: a :: b :: c :: d :: r => match hex a, hex b, hex c, hex d with
    | Some a, Some b, Some c, Some d => Some (((a * 16 + b) * 16 + c) * 16 + d, r)
    | _, _, _, _ => None end
  | _ => None end.
Definition high := within 55296 56319. Definition low := within 56320 57343.
Definition pair (u v : N) : N := 65536 + (u - 55296) * 1024 + (v - 56320).
Definition encode (u : N) : bytes := (* a code point in UTF-8 *)
  if u <? 128 then [u] else if u <? 2048 then [192 + u / 64; 128 + u mod 64]
  else if u <? 65536 then [224 + u / 4096; 128 + u / 64 mod 64; 128 + u mod 64]
  else [240 + u / 262144; 128 + u / 4096 mod 64; 128 + u / 64 mod 64; 128 + u mod 64].
(* What stands at the start of a text: something and what follows it, or a fault, by the rule to
   which section 4 gives it. [chars], [elements] and [members] go on to the sign that closes. *)
Inductive outcome (A : Set) : Set := Got (a : A) (rest : bytes) | Fault (r : rule).
Arguments Got {A}. Arguments Fault {A}.
Definition turn {A B : Set} (f : A -> B) (o : outcome A) : outcome B :=
  match o with Got a r => Got (f a) r | Fault k => Fault k end.
Inductive char : bytes -> outcome bytes -> Prop := (* one character of a string *)
| char_itself b r : 32 <= b -> b <> 34 -> b <> 92 -> char (b :: r) (Got [b] r)
| char_escape e b r : In (e, b) escapes -> char (92 :: e :: r) (Got [b] r)
| char_unit i u r : unit i = Some (u, r) -> ~ high u -> ~ low u -> char i (Got (encode u) r)
| char_pair i u j v r : unit i = Some (u, j) -> high u -> unit j = Some (v, r) -> low v ->
    char i (Got (encode (pair u v)) r)
| char_end i : In i [[]; [92]] -> char i (Fault JSON_1)
| char_control b r : b < 32 -> char (b :: r) (Fault JSON_2)
| char_unknown e r : ~ In e (map fst escapes) -> unit (92 :: e :: r) = None ->
    char (92 :: e :: r) (Fault JSON_3)
| char_lone i u j : unit i = Some (u, j) ->
    low u \/ high u /\ (forall v r, unit j = Some (v, r) -> ~ low v) -> char i (Fault JSON_4).
Inductive chars : bytes -> outcome bytes -> Prop := chars_end r : chars (34 :: r) (Got [] r)
| chars_fault i k : char i (Fault k) -> chars i (Fault k)
| chars_more i c j o : char i (Got c j) -> chars j o -> chars i (turn (app c) o).
(* JSON-1: the grammar of RFC 8259. Keys and strings are unescaped; members are in their order,
   repeated ones included; a number is as it is spelled. *)
Inductive json : Set := JNull | JTrue | JFalse | JNumber (spelled : bytes) | JString (s : bytes)
| JArray (vs : list json) | JObject (ms : list (bytes * json)).
Definition words := [(text "null", JNull); (text "true", JTrue); (text "false", JFalse)].
Inductive value : bytes -> outcome json -> Prop :=
| v_word l v r : In (l, v) words -> value (l ++ r) (Got v r)
| v_number l r : number l -> none_of number_bytes r -> value (l ++ r) (Got (JNumber l) r)
| x_number l r : ~ none_of number_start l -> (forall b, In b l -> In b number_bytes) ->
    none_of number_bytes r -> ~ number l -> value (l ++ r) (Fault JSON_5)
| v_string i o : chars i o -> value (34 :: i) (turn JString o)
| v_array_0 i r : skip i = 93 :: r -> value (91 :: i) (Got (JArray []) r)
| v_array i o : none_of [93] (skip i) -> elements i o -> value (91 :: i) (turn JArray o)
| v_object_0 i r : skip i = 125 :: r -> value (123 :: i) (Got (JObject []) r)
| v_object i o : none_of [125] (skip i) -> members i o -> value (123 :: i) (turn JObject o)
| x_other i : none_of (number_start ++ [34; 91; 123]) i ->
    (forall l v r, In (l, v) words -> i <> l ++ r) -> value i (Fault JSON_1)
with elements : bytes -> outcome (list json) -> Prop :=
| e_fault i k : value (skip i) (Fault k) -> elements i (Fault k)
| e_last i v j r : value (skip i) (Got v j) -> skip j = 93 :: r -> elements i (Got [v] r)
| e_more i v j k o : value (skip i) (Got v j) -> skip j = 44 :: k -> elements k o -> elements i (turn (cons v) o)
| e_other i v j : value (skip i) (Got v j) -> none_of [44; 93] (skip j) -> elements i (Fault JSON_1)
with members : bytes -> outcome (list (bytes * json)) -> Prop :=
| m_fault i k : member i (Fault k) -> members i (Fault k)
| m_last i m j r : member i (Got m j) -> skip j = 125 :: r -> members i (Got [m] r)
| m_more i m j k o : member i (Got m j) -> skip j = 44 :: k -> members k o -> members i (turn (cons m) o)
| m_other i m j : member i (Got m j) -> none_of [44; 125] (skip j) -> members i (Fault JSON_1)
with member : bytes -> outcome (bytes * json) -> Prop :=
| k_none i : none_of [34] (skip i) -> member i (Fault JSON_1)
| k_fault i j k : skip i = 34 :: j -> chars j (Fault k) -> member i (Fault k)
| k_colon i j s l : skip i = 34 :: j -> chars j (Got s l) -> none_of [58] (skip l) -> member i (Fault JSON_1)
| k_value i j s l m o : skip i = 34 :: j -> chars j (Got s l) -> skip l = 58 :: m ->
    value (skip m) o -> member i (turn (Datatypes.pair s) o).
(* ---- Section 4, stage 2. A set of leniencies (section 19); a strict reader has none. ---- *)
Definition lenience := leniency -> bool. Definition strict : lenience := fun _ => false.
Definition readable (header : bytes) : Prop := (* the grammar is judged *)
  utf8 header /\ starts (fun b => b = 123 \/ space b) header.
Definition parsed (header : bytes) (ms : list (bytes * json)) (after : bytes) : Prop :=
  readable header /\ value (skip header) (Got (JObject ms) after).
Definition text_broken (ln : lenience) (header : bytes) (r : rule) : Prop :=
  match r with
  | TXT_1 => ~ starts (fun b => b = 123 \/ ln leading_whitespace /\ space b) header
  | TXT_2 => ~ utf8 header
  | JSON_1 => readable header /\ (~ none_of [123] (skip header) -> value (skip header) (Fault r))
  | JSON_2 | JSON_3 | JSON_4 | JSON_5 =>
      readable header /\ ~ none_of [123] (skip header) /\ value (skip header) (Fault r)
  | PAD_1 => exists ms after b, parsed header ms after /\ In b after
      /\ ~ (b = 32 \/ ln trailing_whitespace /\ space b)
  | _ => False end.
(* ---- Stage 3, sections 7 to 11: the structure of the object. ---- *)
Definition same (a b : bytes) : bool := if list_eq_dec N.eq_dec a b then true else false.
Definition named {A} (k : bytes) (m : bytes * A) : bool := same k (fst m).
Definition vocabulary (v : version) (name : bytes) : option N := (* the width in bits *)
  option_map (fun row => snd (fst row))
    (find (fun row => same (text (fst (fst row))) name && (age (snd row) <=? age v)) dtypes).
Definition is_meta (m : bytes * json) : bool := named (text "__metadata__") m.
Definition entries ms : list (bytes * json) := filter (fun m => negb (is_meta m)) ms.
Definition first (k : bytes) ms : option json := option_map snd (find (named k) ms).
Definition once (k : bytes) ms : option json :=
  match filter (named k) ms with [m] => Some (snd m) | _ => None end.
Fixpoint last_of_each {A} (ms : list (bytes * A)) : list (bytes * A) :=
  match ms with [] => []
  | m :: r => if existsb (named (fst m)) r then last_of_each r else m :: last_of_each r end.
Definition field_names := [text "dtype"; text "shape"; text "data_offsets"].
Definition fields (ln : lenience) (v : json) : option (list (bytes * json)) :=
  match v with JObject fs => Some fs
  | JArray ([_; _; _] as l) => if ln sequence_entry then Some (combine field_names l) else None
  | _ => None end.
Definition dtype_name (ln : lenience) (v : json) : option bytes :=
  match v with JString s => Some s
  | JObject [(k, JNull)] => if ln enum_map_dtype then Some k else None
  | _ => None end.
Definition decimal (l : bytes) : N := fold_left (fun n b => 10 * n + (b - 48)) l 0.
Definition structure_broken (v : version) (ln : lenience) ms (r : rule) : Prop :=
  let metas := filter is_meta ms in
  let meta m := exists k rest, metas = (k, m) :: rest in
  let entry fs := exists k x, In (k, x) (entries ms) /\ fields ln x = Some fs in
  let field k x := exists fs, entry fs /\ first k fs = Some x in
  let element x := exists k xs, In k (tl field_names) /\ field k (JArray xs) /\ In x xs in
  match r with
  | NAME_1 => ~ ln duplicate_last_wins /\ ~ NoDup (keys (entries ms))
  | META_1 => 1 < size metas
  | META_2 => exists m, meta m /\ (forall ps, m <> JObject ps) /\ ~ (ln null_metadata /\ m = JNull)
  | META_3 => exists ps k x, meta (JObject ps) /\ In (k, x) ps /\ forall s, x <> JString s
  | META_4 => ~ ln duplicate_metadata_last_wins /\ exists ps, meta (JObject ps) /\ ~ NoDup (keys ps)
  | ENT_1 => exists k x, In (k, x) (entries ms) /\ fields ln x = None
  | ENT_2 => exists fs k, entry fs /\ In k field_names /\ ~ In k (keys fs)
  | ENT_3 => exists fs k, entry fs /\ In k field_names /\ 1 < size (filter (named k) fs)
  | ENT_4 => ~ ln unknown_fields /\ exists fs k, entry fs /\ In k (keys fs) /\ ~ In k field_names
  | DT_1 => exists x, field (text "dtype") x /\ dtype_name ln x = None
  | DT_2 => exists x d, field (text "dtype") x /\ dtype_name ln x = Some d /\ vocabulary v d = None
  | SHP_1 => exists x, field (text "shape") x /\ forall xs, x <> JArray xs
  | OFF_1 => exists x, field (text "data_offsets") x /\ forall xs, x <> JArray xs
  | OFF_2 => exists xs, field (text "data_offsets") (JArray xs) /\ size xs <> 2
  | INT_1 => exists x, element x /\ forall l, x <> JNumber l
  | INT_2 => exists l, element (JNumber l) /\ ~ integer l
  | INT_3 => exists l, element (JNumber l) /\ integer l /\ word <= decimal l
  | _ => False end.
(* ---- Stage 4, section 12: sizes, in unbounded integers. What a usable field has. ---- *)
Definition uint (v : json) (n : N) : Prop :=
  exists l, v = JNumber l /\ integer l /\ n = decimal l /\ n < word.
Definition has_dtype v ln fs (name : bytes) (bits : N) : Prop := exists x,
  once (text "dtype") fs = Some x /\ dtype_name ln x = Some name /\ vocabulary v name = Some bits.
Definition has_shape fs (shape : list N) : Prop := exists xs,
  once (text "shape") fs = Some (JArray xs) /\ Forall2 uint xs shape.
Definition has_offsets fs (b e : N) : Prop := exists x y,
  once (text "data_offsets") fs = Some (JArray [x; y]) /\ uint x b /\ uint y e.
Definition counted (ln : lenience) ms := (* the entries that count from here on *)
  if ln duplicate_last_wins then last_of_each (entries ms) else entries ms.
Definition product (l : list N) : N := fold_right N.mul 1 l.
Definition fits (ln : lenience) (bits : N) (shape : list N) : Prop :=
  product (filter (fun d => negb (d =? 0)) shape) * bits < word \/ ln zero_absorbs_overflow /\ In 0 shape.
Definition size_broken (v : version) ln ms (r : rule) : Prop := exists k x fs bits shape b e,
  In (k, x) (counted ln ms) /\ fields ln x = Some fs /\
  let sized := (exists d, has_dtype v ln fs d bits) /\ has_shape fs shape in
  match r with
  | OFF_3 => has_offsets fs b e /\ e < b
  | SIZE_1 => sized /\ ~ fits ln bits shape
  | SIZE_2 => sized /\ fits ln bits shape /\ (bits * product shape) mod 8 <> 0
  | SIZE_3 => sized /\ fits ln bits shape /\ (bits * product shape) mod 8 = 0
      /\ has_offsets fs b e /\ b <= e /\ e - b <> bits * product shape / 8
  | _ => False end.
(* ---- Stage 5, section 13: tensors by their places in a data buffer of [len] bytes. ---- *)
Record place := Place { p_name : bytes; p_begin : N; p_end : N }.
Definition owns p (i : N) : Prop := p_begin p <= i < p_end p.
Definition placed (ln : lenience) ms (ps : list place) : Prop := NoDup (map p_name ps) /\
  Forall2 (fun m p => p_name p = fst m /\ p_begin p <= p_end p /\ exists fs,
    fields ln (snd m) = Some fs /\ has_offsets fs (p_begin p) (p_end p)) (counted ln ms) ps.
Definition layout_broken (ps : list place) (len : N) (r : rule) : Prop :=
  match r with
  | LAY_1 => exists p, In p ps /\ len < p_end p
  | LAY_2 => exists p q i, In p ps /\ In q ps /\ p <> q /\ owns p i /\ owns q i /\ i < len
  | LAY_3 => exists p q, In p ps /\ In q ps /\ p_begin q < p_begin p < p_end q /\ p_begin p = p_end p
  | LAY_4 => exists p i, In p ps /\ i < p_end p /\ i < len /\ forall q, In q ps -> ~ owns q i
  | LAY_5 => 0 < len /\ forall p, In p ps -> p_end p < len
  | _ => False end.
(* ---- What a file breaks, what of it stands first in the text, and what a valid file means. ---- *)
Definition broken (v : version) (ln : lenience) (file : bytes) (r : rule) : Prop :=
  framing_broken file r \/ exists header data, framed file header data /\
  (text_broken ln header r \/ exists ms after, parsed header ms after /\
   (structure_broken v ln ms r \/ size_broken v ln ms r
    \/ exists ps, placed ln ms ps /\ layout_broken ps (size data) r)).
Definition first_broken v ln file r : Prop :=
  broken v ln file r /\ forall r', broken v ln file r' -> rank r <= rank r'.
Definition valid v ln file : Prop := forall r, ~ broken v ln file r.
Record tensor := Tensor { t_name : bytes; t_dtype : bytes; t_shape : list N; t_begin : N; t_end : N }.
Record reading := Reading { r_metadata : list (bytes * bytes); r_tensors : list tensor }.
Definition reads (v : version) (ln : lenience) ms (R : reading) : Prop :=
  (exists ps, r_metadata R = (if ln duplicate_metadata_last_wins then last_of_each ps else ps)
    /\ match filter is_meta ms with
       | (_, JObject m) :: _ => m = map (fun p => (fst p, JString (snd p))) ps
       | _ => ps = [] end)
  /\ Forall2 (fun m t => t_name t = fst m /\ exists fs bits, fields ln (snd m) = Some fs
    /\ has_dtype v ln fs (t_dtype t) bits /\ has_shape fs (t_shape t)
    /\ has_offsets fs (t_begin t) (t_end t)) (counted ln ms) (r_tensors R).
Definition means v ln file (R : reading) : Prop := valid v ln file /\ exists header data ms after,
  framed file header data /\ parsed header ms after /\ reads v ln ms R.
Definition tensor_bytes (file : bytes) (t : tensor) : bytes := (* VAL-7 *)
  let data := skipn (N.to_nat (8 + little (firstn 8 file))) file in
  firstn (N.to_nat (t_end t - t_begin t)) (skipn (N.to_nat (t_begin t)) data).
(* VAL-1: where an element stands, and which elements a span for each axis chooses. *)
Fixpoint position (index shape : list N) : N :=
  match index, shape with i :: r, _ :: s => i * product s + position r s | _, _ => 0 end.
Definition chosen (shape : list N) (spans : list (N * N)) (i : N) : Prop := exists index,
  Forall2 N.lt index shape /\ i = position index shape
  /\ Forall2 (fun x span => fst span <= x < snd span) index spans.
(* ---- Section 18: the canonical file of tensors, in any order, and metadata. ---- *)
Record item := Item { i_name : bytes; i_dtype : bytes; i_shape : list N; i_bytes : bytes }.
Record model := Model { m_metadata : list (bytes * bytes); m_items : list item }.
Definition alignment (dtype : bytes) : N :=
  match vocabulary latest dtype with Some bits => (bits + 7) / 8 | None => 0 end.
Fixpoint before (a b : bytes) : bool := (* or the same *)
  match a, b with
  | [], _ => true | _, [] => false | x :: a, y :: b => (x <? y) || (x =? y) && before a b end.
Definition key_order (p q : bytes * bytes) : bool := before (fst p) (fst q). (* CAN-2 *)
Definition item_order (p q : item) : bool := (* CAN-3 *)
  let a := alignment (i_dtype p) in let b := alignment (i_dtype q) in
  (b <? a) || (a =? b) && before (i_name p) (i_name q).
Fixpoint insert {A} (le : A -> A -> bool) (x : A) (l : list A) : list A :=
  match l with y :: r => if le x y then x :: l else y :: insert le x r | [] => [x] end.
Definition sort {A} (le : A -> A -> bool) (l : list A) : list A := fold_right (insert le) [] l.
Fixpoint print (places : nat) (n : N) : bytes :=
  match places with O => []
  | S k => if n <? 10 then [48 + n] else print k (n / 10) ++ [48 + n mod 10] end.
Definition digit (d : N) : N := if d <? 10 then 48 + d else 87 + d.
Definition escaped (b : N) : bytes := (* CAN-6: every escape but that of U+002F *)
  match find (fun e => (snd e =? b) && negb (b =? 47)) escapes with
  | Some (e, _) => [92; e]
  | None => if b <? 32 then text "\u00" ++ [digit (b / 16); digit (b mod 16)] else [b] end.
Definition quoted (s : bytes) : bytes := text """" ++ flat_map escaped s ++ text """".
Fixpoint join (l : list bytes) : bytes :=
  match l with [] => [] | [x] => x | x :: r => x ++ text "," ++ join r end.
Definition array_of (l : list N) : bytes := text "[" ++ join (map (print 20) l) ++ text "]".
Definition object_of (l : list (bytes * bytes)) : bytes := (* CAN-5 *)
  text "{" ++ join (map (fun m => quoted (fst m) ++ text ":" ++ snd m) l) ++ text "}".
Fixpoint entries_of (begin : N) (l : list item) : list (bytes * bytes) := (* CAN-3, CAN-4 *)
  match l with [] => []
  | t :: r => let e := begin + size (i_bytes t) in (i_name t, object_of (combine field_names
      [quoted (i_dtype t); array_of (i_shape t); array_of [begin; e]])) :: entries_of e r end.
Definition metadata_of (ps : list (bytes * bytes)) : list (bytes * bytes) := (* CAN-1 *)
  match ps with [] => [] | _ => [(text "__metadata__",
    object_of (map (fun p => (fst p, quoted (snd p))) (sort key_order ps)))] end.
Definition header_of (m : model) : bytes := (* CAN-7 *)
  let o := object_of (metadata_of (m_metadata m) ++ entries_of 0 (sort item_order (m_items m))) in
  o ++ repeat 32 (N.to_nat ((8 - size o mod 8) mod 8)).
Fixpoint little_bytes (k : nat) (n : N) : bytes :=
  match k with O => [] | S k => n mod 256 :: little_bytes k (n / 256) end.
Definition canonical (m : model) : bytes := little_bytes 8 (size (header_of m)) ++ header_of m
  ++ flat_map i_bytes (sort item_order (m_items m)).
Definition writable (m : model) : Prop := (* WR-2 to WR-4, WR-6, WR-8 *)
  NoDup (keys (m_metadata m)) /\ Forall (fun p => utf8 (fst p) /\ utf8 (snd p)) (m_metadata m)
  /\ NoDup (map i_name (m_items m)) /\ size (header_of m) <= max_header
  /\ size (flat_map i_bytes (m_items m)) < word
  /\ Forall (fun t => utf8 (i_name t) /\ i_name t <> text "__metadata__"
    /\ Forall (fun d => d < word) (i_shape t) /\ exists bits, vocabulary latest (i_dtype t) = Some bits
    /\ fits strict bits (i_shape t) /\ bits * product (i_shape t) = 8 * size (i_bytes t)) (m_items m).
