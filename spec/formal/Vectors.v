(* Vectors.v: the vectors of the corpus, decided inside the prover. `agree coq` writes the files
   Corpus_*.v, which hold the vectors and what is expected of them, and say of each area that it has
   no failures. Nothing here is about the format: [look] of Decide.v decides. *)
From Coq Require Import List NArith Bool String Strings.Byte.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* Bytes as a literal: a printable sign of ASCII stands for itself, and any other byte, the reverse
   solidus too, is written as a reverse solidus and two hexadecimal digits. *)
Inductive raw : Set := Raw (l : list byte).
Definition raw_of (l : list byte) : raw := Raw l.
Definition of_raw (r : raw) : list byte := let (l) := r in l.
Declare Scope raw_scope.
Delimit Scope raw_scope with raw.
Bind Scope raw_scope with raw.
String Notation raw raw_of of_raw : raw_scope.
Fixpoint unescape (l : list byte) : bytes :=
  match l with
  | x5c :: a :: b :: r =>
    match hex (Byte.to_N a), hex (Byte.to_N b) with
    | Some a, Some b => a * 16 + b :: unescape r
    | _, _ => []
    end
  | b :: r => Byte.to_N b :: unescape r
  | [] => []
  end.
Definition meant (r : raw) : bytes := unescape (of_raw r).

(* What is expected in some versions under some leniencies: the first rule that is broken, or
   metadata, and of each tensor name, dtype, shape, BEGIN and END. *)
Inductive said : Set :=
| Breaks (r : rule)
| Means (metadata : list (raw * raw)) (tensors : list (raw * raw * list N * N * N)).
Record question : Set := Ask { q_versions : list version; q_leniencies : list leniency; q_said : said }.
(* A vector: its id, its first bytes, its length, and the questions. *)
Record case : Set := Case { c_id : String.string; c_head : raw; c_length : N; c_questions : list question }.

Definition verdict_said (s : said) : verdict :=
  match s with
  | Breaks r => Refused r
  | Means ps ts => Accepted (Reading (map (fun p => (meant (fst p), meant (snd p))) ps)
      (map (fun t => match t with (name, dtype, shape, b, e) =>
                       Tensor (meant name) (meant dtype) shape b e end) ts))
  end.

Fixpoint same_list {A} (eq : A -> A -> bool) (l m : list A) : bool :=
  match l, m with
  | [], [] => true
  | a :: l, b :: m => eq a b && same_list eq l m
  | _, _ => false
  end.
Definition same_pair (p q : bytes * bytes) : bool := same (fst p) (fst q) && same (snd p) (snd q).
Definition same_tensor (t u : tensor) : bool :=
  same (t_name t) (t_name u) && same (t_dtype t) (t_dtype u) && same (t_shape t) (t_shape u)
  && (t_begin t =? t_begin u) && (t_end t =? t_end u).
Definition same_verdict (a b : verdict) : bool :=
  match a, b with
  | Refused r, Refused r' => same_rule r r'
  | Accepted R, Accepted R' => same_list same_pair (r_metadata R) (r_metadata R')
                               && same_list same_tensor (r_tensors R) (r_tensors R')
  | _, _ => false
  end.

(* A vector of which the model says something else: so that the message of the prover tells it all. *)
Record failure : Set := Failure { vector : String.string; format_version : version;
  under : list leniency; expected : verdict; found : verdict }.
Scheme Boolean Equality for leniency.
Definition failures_of (c : case) : list failure :=
  let head := meant (c_head c) in
  flat_map (fun q =>
    let some := q_leniencies q in
    let said := verdict_said (q_said q) in
    flat_map (fun v =>
      let told := verdict_of (look v (fun l => existsb (leniency_beq l) some) head (c_length c)) in
      if same_verdict said told then [] else [Failure (c_id c) v some said told])
      (q_versions q)) (c_questions c).
Definition failures (l : list case) : list failure := flat_map failures_of l.

(* A judge that finds no fault in anything would be worth nothing: wrong expectations are failures. *)
Definition empty_file (questions : list question) : case :=
  Case "empty" "\02\00\00\00\00\00\00\00{}"%raw 10 questions.
Example right_expectation : failures [empty_file [Ask versions leniencies (Means [] [])]] = [].
Proof. vm_compute. reflexivity. Qed.
Example wrong_rule : List.length (failures [empty_file [Ask versions [] (Breaks LAY_5)]]) = List.length versions.
Proof. vm_compute. reflexivity. Qed.
Example another_rule : List.length (failures
  [Case "one byte more" "\02\00\00\00\00\00\00\00{}"%raw 11 [Ask [latest] [] (Breaks LAY_4)]]) = 1%nat.
Proof. vm_compute. reflexivity. Qed.
Example wrong_reading : List.length (failures
  [empty_file [Ask [latest] [] (Means [("k"%raw, "v"%raw)] [])]]) = 1%nat.
Proof. vm_compute. reflexivity. Qed.
