(* The shim around the extracted program: requests on the standard input, answers on the standard
   output. It decides nothing but whether a request is one. README.md has the requests. *)
open Model

let usage = "usage: checker < REQUESTS

Reads requests on its standard input and answers each with a line: names, check and canonical.
spec/formal/README.md has them. There are no arguments.

Exit code: 0 the input ended; 2 a request could not be understood, or something could not run.
"

(* What is wrong with a request, or with how the program was started. *)
exception Wrong of string
let wrong message = Printf.ksprintf (fun what -> raise (Wrong what)) message

(* A part of a request as a message has it: a long one by its beginning. *)
let shown s =
  if String.length s <= 40 then Printf.sprintf "%S" s else Printf.sprintf "%S..." (String.sub s 0 40)

let byte = Array.init 256 Z.of_int
let bytes_of s =
  let rec go i l = if i < 0 then l else go (i - 1) (byte.(Char.code s.[i]) :: l) in
  go (String.length s - 1) []
let unhex what s =
  let digit c = match c with
    | '0' .. '9' -> Char.code c - 48
    | 'a' .. 'f' -> Char.code c - 87
    | 'A' .. 'F' -> Char.code c - 55
    | _ -> wrong "%s %s: %C is no hexadecimal digit" what (shown s) c in
  if s = "-" then [] else
  if s = "" then wrong "%s is missing between two spaces; what is empty is -" what else
  if String.length s mod 2 = 1 then wrong "%s %s has an odd number of hexadecimal digits" what (shown s) else
  bytes_of (String.init (String.length s / 2) (fun i ->
    let high = digit s.[2 * i] in
    Char.chr (16 * high + digit s.[2 * i + 1])))

(* Numbers are decimal digits and no more. *)
let natural what s =
  if s <> "" && String.for_all (fun c -> '0' <= c && c <= '9') s then Z.of_string s
  else wrong "%s %s is no number in decimal digits" what (shown s)
(* A number of things that have to fit into memory. *)
let count what s =
  let n = natural what s in
  if Z.leq n (Z.of_int Sys.max_string_length) then Z.to_int n
  else wrong "%s %s is more than fits into memory" what (shown s)

(* An answer goes out as it is spelled, since that of a long header text is longer still. *)
let hex l = List.iter (fun b ->
  let b = Z.to_int b in
  print_char "0123456789abcdef".[b / 16]; print_char "0123456789abcdef".[b mod 16]) l
let token l = print_char ' '; if l = [] then print_char '-' else hex l
let number n = print_string (Z.to_string n)
let numbers l =
  print_char ' ';
  if l = [] then print_char '-' else
  List.iteri (fun i n -> if i > 0 then print_char ','; number n) l

let by_name what name_of all name =
  match List.find_opt (fun x -> name_of x = name) all with
  | Some x -> x
  | None -> wrong "no %s %s; there are %s" what (shown name) (String.concat ", " (List.map name_of all))
let listed s = if s = "-" then [] else String.split_on_char ',' s

let answer = function
  | [], r ->
    print_string "accepted";
    List.iter (fun (k, v) -> print_string " m"; token k; token v) r.r_metadata;
    List.iter (fun t ->
      print_string " t"; token t.t_name; token t.t_dtype; numbers t.t_shape;
      print_char ' '; number t.t_begin; print_char ' '; number t.t_end) r.r_tensors
  | rules, _ ->
    print_string "refused";
    List.iter (fun r -> print_char ' '; print_string (rule_id r)) rules

(* The first [n] pairs of texts, and what follows them. *)
let rec pairs n rest =
  if n = 0 then [], rest else
  match rest with
  | k :: v :: rest ->
    let ps, rest = pairs (n - 1) rest in
    (unhex "the key" k, unhex "the value" v) :: ps, rest
  | _ -> wrong "canonical has fewer pairs of metadata than its COUNT says: %d more" n
let rec items = function
  | [] -> []
  | name :: dtype :: shape :: data :: r ->
    { i_name = unhex "the name" name; i_dtype = unhex "the dtype" dtype;
      i_shape = List.map (natural "the dimension") (listed shape); i_bytes = unhex "the bytes" data }
    :: items r
  | name :: _ -> wrong "the tensor %s is without its four parts, NAME DTYPE SHAPE BYTES" (shown name)

(* Every collection of young values walks the whole stack, which is as deep as a text is long. So few
   of them are made where a text is long. *)
let ready_for length =
  if length > 1 lsl 18 then
    Gc.set { (Gc.get ()) with minor_heap_size = min (4 * length) (1 lsl 22); space_overhead = 25 }

(* A line that the end of the input cut off might be the beginning of another request. *)
let request_line () =
  let before = pos_in stdin in
  let line = input_line stdin in
  if pos_in stdin - before = String.length line then
    wrong "the input ended in the middle of the line %s; a line feed ends a request" (shown line);
  line

(* The [count] bytes that follow a line. *)
let rec fill line bytes at =
  let count = Bytes.length bytes in
  if at < count then
    match input stdin bytes at (count - at) with
    | 0 -> wrong "the input ended after %d of the %d bytes that %s says" at count (shown line)
    | n -> fill line bytes (at + n)

(* How many bytes of a file the model has to see: no more than N where N is refused, all if there are
   fewer. It would take those that are missing for a fault of the file. *)
let needed head size =
  let eight = Z.min size (Z.of_int 8) in
  if Z.lt (Z.of_int (String.length head)) eight then eight else
  if Z.lt size (Z.of_int 8) then size else
  let n = Z.of_bits (String.sub head 0 8) in
  let all = Z.add n (Z.of_int 8) in
  if Z.gt n max_header || Z.gt all size then eight else all
let head_of line size length =
  let given = Z.of_int length in
  if Z.gt given size then
    wrong "COUNT %d is more than SIZE %s: %s" length (Z.to_string size) (shown line);
  let bytes = Bytes.create length in
  fill line bytes 0;
  let head = Bytes.unsafe_to_string bytes in
  let least = needed head size in
  if Z.lt given least then
    wrong "COUNT %d is too few: of this file of %s bytes the first %s are needed: %s"
      length (Z.to_string size) (Z.to_string least) (shown line);
  head

let respond line = match String.split_on_char ' ' line with
  | [ "names" ] ->
    print_string ("versions " ^ String.concat "," (List.map version_name versions));
    print_string (" leniencies " ^ String.concat "," (List.map leniency_name leniencies));
    print_string " max-header "; number max_header
  | [ "check"; version; names; size; length ] ->
    let v = by_name "format version" version_name versions version in
    let some = List.map (by_name "leniency" leniency_name leniencies) (listed names) in
    let size = natural "SIZE" size in
    let head = head_of line size (count "COUNT" length) in
    ready_for (String.length head);
    answer (look v (fun l -> List.mem l some) (bytes_of head) size)
  | "check" :: _ -> wrong "check takes VERSION LENIENCIES SIZE COUNT: %s" (shown line)
  | "canonical" :: length :: rest ->
    let metadata, rest = pairs (count "COUNT" length) rest in
    hex (canonical { m_metadata = metadata; m_items = items rest })
  | [ "canonical" ] ->
    wrong "canonical takes COUNT, pairs of metadata, and NAME DTYPE SHAPE BYTES of each tensor"
  | _ -> wrong "no request %s; there are names, check and canonical, in spec/formal/README.md" (shown line)

let arguments = function
  | [] -> ()
  | [ "--help" ] -> print_string usage; flush stdout; exit 0
  | argument :: _ -> prerr_string usage; wrong "there are no arguments; found %s" (shown argument)

(* What of an answer cannot be written is given up, so that the end does not try it again. *)
let fail what = prerr_endline ("error: " ^ what); close_out_noerr stdout; exit 2

let () =
  set_binary_mode_in stdin true;
  try
    arguments (List.tl (Array.to_list Sys.argv));
    while true do
      respond (request_line ());
      print_char '\n';
      flush stdout
    done
  with
  | End_of_file -> ()
  | Wrong what -> fail what
  | Stack_overflow -> fail "a text is too long for the stack; `ulimit -s unlimited` raises it"
  | Out_of_memory -> fail "there is not enough memory"
  | Sys_error reason -> fail ("cannot read the requests or write the answers: " ^ reason)
