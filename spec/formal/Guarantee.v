(* Guarantee.v: what is proved of the format, in one list. Each theorem stands in full, behind a
   line that says it in words and names its section of safetensors.md or promise of guarantee.md.
   The terms are those of Format.v and, where the checker is named, of Decide.v. No definition and
   no proof of its own stands here. *)
From Coq Require Import List NArith Permutation Sorted.
From Safetensors Require Import Tables Decide Format.
From Safetensors Require Grammar Check Compatibility Slices Canonical Aligned Rewritten
  Writable Fast.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

(* ---- The verdict (section 4) ---- *)

(* Section 4: the checker lists the rules that a file breaks: all of them, and no other. *)
Theorem every_broken_rule_is_found v ln file r :
  In r (fst (look v ln file (size file))) <-> broken v ln file r.
Proof. exact (Check.look_iff v ln file r). Qed.
(* Section 4: the checker refuses a file with the broken rule that stands first in the text. *)
Theorem refused_with_the_first_rule v ln file r :
  check v ln file = Refused r <-> first_broken v ln file r.
Proof. exact (Check.check_refuses v ln file r). Qed.
(* Section 4: the checker accepts the valid files, and reads what they mean. *)
Theorem accepted_with_the_meaning v ln file R : check v ln file = Accepted R <-> means v ln file R.
Proof. exact (Check.check_accepts v ln file R). Qed.
(* Section 4: every file has a meaning or a first rule that it breaks, and none has both. *)
Theorem meaning_or_first_rule v ln file :
  ((exists R, means v ln file R) \/ exists r, first_broken v ln file r)
  /\ ~ ((exists R, means v ln file R) /\ exists r, first_broken v ln file r).
Proof. exact (Check.accepted_or_first_broken v ln file). Qed.
(* Section 4: a file that breaks no rule can be read. *)
Theorem valid_file_has_a_meaning v ln file : valid v ln file -> exists R, means v ln file R.
Proof. exact (Check.valid_is_read v ln file). Qed.
(* Section 4: no file has two meanings. *)
Theorem one_file_one_meaning v ln file R R' :
  means v ln file R -> means v ln file R' -> R = R'.
Proof. exact (Check.one_meaning v ln file R R'). Qed.
(* Section 4: the program that is extracted computes what the checker does. *)
Theorem extracted_program_is_the_checker v ln head len :
  Fast.look v ln head len = look v ln head len.
Proof. exact (Fast.look_is_look v ln head len). Qed.

(* ---- The parts of a file and the grammar (sections 5 and 6) ---- *)

(* Section 5: a file has at most one header text and one data buffer. *)
Theorem one_header_one_buffer file header data header' data' :
  framed file header data -> framed file header' data' -> header = header' /\ data = data'.
Proof. exact (Check.framed_unique file header data header' data'). Qed.
(* Section 5: the first 8 + N bytes of a file and its length decide all; no tensor is looked at. *)
Theorem header_and_length_decide v ln file :
  look v ln (firstn (N.to_nat (8 + little (firstn 8 file))) file) (size file)
  = look v ln file (size file).
Proof. exact (Check.head_decides v ln file). Qed.
(* Section 6: any bytes begin with a value of the grammar, or have a fault that has a rule. *)
Theorem text_has_a_value_or_a_fault i : exists o, value i o.
Proof. exact (Grammar.value_total i). Qed.
(* Section 6: the grammar is not ambiguous: no bytes have two values, or a value and a fault. *)
Theorem text_has_no_second_value i o o' : value i o -> value i o' -> o = o'.
Proof. exact (Grammar.value_unique i o o'). Qed.
(* Section 6: the parser finds what the grammar says, and nothing else. *)
Theorem parser_is_sound_and_complete i o : parse i = o <-> value i o.
Proof. exact (iff_sym (Grammar.parse_iff i o)). Qed.
(* TXT-2: every name, metadata key and metadata value that is read is well-formed UTF-8. *)
Theorem what_is_read_is_utf8 v ln file R : means v ln file R ->
  Forall (fun p => utf8 (fst p) /\ utf8 (snd p)) (r_metadata R)
  /\ Forall (fun t => utf8 (t_name t)) (r_tensors R).
Proof. exact (Writable.read_strings_are_utf8 v ln file R). Qed.

(* ---- The bytes of the tensors (section 13) ---- *)

(* Section 13.1: LAY-1 to LAY-5 hold if and only if the tensors, sorted, are one chain. *)
Theorem five_rules_are_one_chain ps qs len : NoDup (map p_name ps) ->
  Forall (fun p => p_begin p <= p_end p) ps -> Permutation ps qs ->
  Sorted (fun p q => p_begin p < p_begin q \/ p_begin p = p_begin q /\ p_end p <= p_end q) qs ->
  ((forall r, ~ layout_broken ps len r) <-> map p_begin qs ++ [len] = 0 :: map p_end qs).
Proof. exact (Check.layout_is_one_chain ps qs len). Qed.
(* Section 13: a valid file holds N, the header text, the bytes of its tensors, and no more. *)
Theorem length_is_determined v ln file R : means v ln file R ->
  size file = 8 + little (firstn 8 file)
  + fold_right N.add 0 (map (fun t => t_end t - t_begin t) (r_tensors R)).
Proof. exact (Check.length_of_valid v ln file R). Qed.
(* Section 13: every byte of the data buffer of a valid file belongs to exactly one tensor. *)
Theorem every_byte_has_one_tensor v ln file R : means v ln file R ->
  forall i, 8 + little (firstn 8 file) + i < size file ->
  exists! t, In t (r_tensors R) /\ t_begin t <= i < t_end t.
Proof. exact (Check.bytes_owned_once v ln file R). Qed.
(* Section 13: the bytes of a tensor of a valid file lie in the file. *)
Theorem tensors_lie_in_the_file v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  t_begin t <= t_end t /\ 8 + little (firstn 8 file) + t_end t <= size file.
Proof. exact (Check.bytes_in_file v ln file R). Qed.
(* Section 13: a tensor of a valid file has END - BEGIN bytes. *)
Theorem tensor_has_all_its_bytes v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  size (tensor_bytes file t) = t_end t - t_begin t.
Proof. exact (Check.bytes_of_tensor v ln file R). Qed.
(* Section 13: a zero-size tensor owns no byte. *)
Theorem zero_size_owns_no_byte t i : t_begin t = t_end t -> ~ t_begin t <= i < t_end t.
Proof. exact (Check.zero_size_owns_nothing t i). Qed.
(* Section 11: a tensor with a dimension 0 is a zero-size tensor. *)
Theorem no_element_no_byte v ln file R : means v ln file R -> forall t, In t (r_tensors R) ->
  In 0 (t_shape t) -> t_begin t = t_end t.
Proof. exact (Writable.no_element_no_byte v ln file R). Qed.

(* ---- Versions (section 23, promises 1 and 2) ---- *)

(* Promise 1: a valid file is valid under every later version, and means the same. *)
Theorem old_files_stay_readable v w ln file R :
  age v <= age w -> means v ln file R -> means w ln file R.
Proof. exact (Compatibility.backward v w ln file R). Qed.
(* Promise 2: an earlier version finds nothing wrong with a valid file but a dtype it has not. *)
Theorem newer_files_break_dtypes_only v w ln file r :
  age v <= age w -> valid w ln file -> broken v ln file r -> r = DT_2.
Proof. exact (Compatibility.forward v w ln file r). Qed.
(* Promise 2: an earlier version reads a valid file with the same meaning, or refuses it by DT-2. *)
Theorem newer_files_read_alike_or_fail_whole v w ln file R :
  age v <= age w -> means w ln file R -> means v ln file R \/ first_broken v ln file DT_2.
Proof. exact (Compatibility.read_alike_or_unknown_dtype v w ln file R). Qed.
(* Section 23: a file is valid in the versions that have the dtypes of its tensors, and no others. *)
Theorem dtypes_give_the_minimum_version v file R : means latest strict file R ->
  (valid v strict file <-> Forall (fun t => vocabulary v (t_dtype t) <> None) (r_tensors R)).
Proof. exact (Writable.minimum_version_by_dtypes v strict file R eq_refl). Qed.
(* Section 10: no later version drops a dtype or gives it another width. *)
Theorem dtypes_only_grow v w name bits :
  age v <= age w -> vocabulary v name = Some bits -> vocabulary w name = Some bits.
Proof. exact (Compatibility.vocabulary_grows v w name bits). Qed.
(* Section 23: no file breaks SIZE-2 in a version before 1.2, with which the rule came. *)
Theorem size_2_came_with_1_2 v ln file : age v < age V1_2 -> ~ broken v ln file SIZE_2.
Proof. exact (Compatibility.size_2_since_1_2 v ln file). Qed.

(* ---- Leniencies (section 19) ---- *)

(* LNC-2: what a strict reader accepts means the same under every set of leniencies. *)
Theorem leniencies_keep_valid_files v ln file R : means v strict file R -> means v ln file R.
Proof. exact (Compatibility.lenient_reads_alike v ln file R). Qed.
(* Section 19: one leniency more never changes what an accepted file means. *)
Theorem more_leniencies_read_alike v ln more file R : (forall l, ln l = true -> more l = true) ->
  means v ln file R -> means v more file R.
Proof. exact (fun H => Compatibility.more_lenient_reads_alike v ln more H file R). Qed.
(* Section 19: a file that only lenient readers accept breaks first a rule that they relax. *)
Theorem leniencies_cover_their_rules v ln file r :
  valid v ln file -> first_broken v strict file r -> exists l, ln l = true /\ relaxes l = r.
Proof. exact (Compatibility.leniency_covers_its_rule v ln file r). Qed.
(* Section 19: what leniencies that are added let through breaks first a rule that these relax. *)
Theorem more_leniencies_cover_their_rules v ln more file r :
  (forall l, ln l = true -> more l = true) -> valid v more file -> first_broken v ln file r ->
  exists l, more l = true /\ ln l = false /\ relaxes l = r.
Proof. exact (fun H => Compatibility.first_broken_is_covered v ln more H file r). Qed.

(* ---- Elements and slices (section 15) ---- *)

(* VAL-1: every element has a position of its own, and every position an element. *)
Theorem elements_have_their_positions shape :
  (forall index, Forall2 N.lt index shape -> position index shape < product shape)
  /\ forall i, i < product shape ->
     exists! index, Forall2 N.lt index shape /\ i = position index shape.
Proof. exact (Slices.positions_are_one_to_one shape). Qed.
(* VAL-1: slices by contiguous parts of an axis partition a tensor: each element is in one. *)
Theorem ranks_partition_a_tensor shape axis d cuts : nth_error shape axis = Some d ->
  Sorted N.le cuts -> last cuts 0 = d -> forall i, i < product shape ->
  exists! j, (j < length cuts)%nat /\ let whole := map (Datatypes.pair 0) shape in
    let rank := (nth j (0 :: cuts) 0, nth j cuts 0) in
    chosen shape (firstn axis whole ++ rank :: skipn (S axis) whole) i.
Proof. exact (Slices.each_element_in_one_rank shape axis d cuts). Qed.

(* ---- The canonical form (section 18) ---- *)

(* Section 18: a model that can be written makes a valid file, from which it is read again. *)
Theorem canonical_file_has_what_was_written m : writable m ->
  exists R, means latest strict (canonical m) R /\ Permutation (m_metadata m) (r_metadata R)
  /\ Permutation (m_items m) (map (fun t => Item (t_name t) (t_dtype t) (t_shape t)
                                              (tensor_bytes (canonical m) t)) (r_tensors R)).
Proof. exact (Rewritten.read_as_written m). Qed.
(* Section 18: equal models have equal canonical files, in whatever order they are handed over. *)
Theorem equal_models_have_equal_bytes m m' :
  NoDup (keys (m_metadata m)) -> NoDup (map i_name (m_items m)) ->
  Permutation (m_metadata m) (m_metadata m') -> Permutation (m_items m) (m_items m') ->
  canonical m = canonical m'.
Proof. exact (Canonical.equal_models_equal_bytes m m'). Qed.
(* Section 18: models with one canonical file are equal, so that its hash identifies the model. *)
Theorem equal_bytes_have_equal_models m m' :
  writable m -> writable m' -> canonical m = canonical m' ->
  Permutation (m_metadata m) (m_metadata m') /\ Permutation (m_items m) (m_items m').
Proof. exact (Canonical.equal_bytes_equal_models m m'). Qed.
(* Section 18: to write what was read from a canonical file gives the file back. *)
Theorem canonical_file_is_written_back m R : writable m -> means latest strict (canonical m) R ->
  canonical (Model (r_metadata R) (map (fun t => Item (t_name t) (t_dtype t) (t_shape t)
                                                  (tensor_bytes (canonical m) t)) (r_tensors R)))
  = canonical m.
Proof. exact (fun W => Rewritten.written_again_alike m W R). Qed.
(* Section 18: what is read can be written in canonical form, if its header text is not too long. *)
Theorem what_is_read_can_be_written file R : means latest strict file R ->
  let m := Model (r_metadata R) (map (fun t => Item (t_name t) (t_dtype t) (t_shape t)
                                                (tensor_bytes file t)) (r_tensors R)) in
  size (header_of m) <= max_header -> writable m.
Proof. exact (Writable.what_is_read_can_be_written file R). Qed.
(* ALN-1: the data buffer of a canonical file begins at a multiple of 8. *)
Theorem canonical_data_is_aligned m : (8 + size (header_of m)) mod 8 = 0.
Proof. exact (Aligned.data_aligned m). Qed.
(* ALN-2: every tensor of a canonical file begins at a multiple of the alignment of its dtype. *)
Theorem canonical_tensors_are_aligned m R : writable m -> means latest strict (canonical m) R ->
  forall t, In t (r_tensors R) ->
  (8 + little (firstn 8 (canonical m)) + t_begin t) mod alignment (t_dtype t) = 0.
Proof. exact (fun W => Rewritten.every_tensor_aligned m W R). Qed.
