(* The shim around the extracted program: requests on the standard input, answers on the standard
   output. It decides nothing. README.md has the requests. *)
open Model

let byte = Array.init 256 Z.of_int
let bytes_of s =
  let rec go i l = if i < 0 then l else go (i - 1) (byte.(Char.code s.[i]) :: l) in
  go (String.length s - 1) []
let digit c = match c with
  | '0' .. '9' -> Char.code c - 48
  | 'a' .. 'f' -> Char.code c - 87
  | 'A' .. 'F' -> Char.code c - 55
  | _ -> failwith "no hexadecimal digit"
let unhex s =
  if s = "-" then [] else
  bytes_of (String.init (String.length s / 2) (fun i -> Char.chr (16 * digit s.[2 * i] + digit s.[2 * i + 1])))

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

exception Unknown of string
let by_name what name_of all name =
  match List.find_opt (fun x -> name_of x = name) all with
  | Some x -> x
  | None -> raise (Unknown (Printf.sprintf "no %s %S" what name))
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
  | k :: v :: rest -> let ps, rest = pairs (n - 1) rest in (unhex k, unhex v) :: ps, rest
  | _ -> raise (Unknown "fewer texts than announced")
let rec items = function
  | [] -> []
  | name :: dtype :: shape :: data :: r ->
    { i_name = unhex name; i_dtype = unhex dtype; i_shape = List.map Z.of_string (listed shape); i_bytes = unhex data }
    :: items r
  | _ -> raise (Unknown "a tensor without its four parts")

(* Every collection of young values walks the whole stack, which is as deep as a text is long. So few
   of them are made where a text is long. *)
let ready_for length =
  if length > 1 lsl 18 then
    Gc.set { (Gc.get ()) with minor_heap_size = min (4 * length) (1 lsl 22); space_overhead = 25 }

let () =
  set_binary_mode_in stdin true;
  try
    while true do
      (match String.split_on_char ' ' (input_line stdin) with
       | [ "names" ] ->
         print_string ("versions " ^ String.concat "," (List.map version_name versions));
         print_string (" leniencies " ^ String.concat "," (List.map leniency_name leniencies));
         print_string " max-header "; number max_header
       | [ "check"; version; names; length; head ] ->
         let v = by_name "format version" version_name versions version in
         let some = List.map (by_name "leniency" leniency_name leniencies) (listed names) in
         ready_for (int_of_string head);
         let head = really_input_string stdin (int_of_string head) in
         answer (look v (fun l -> List.mem l some) (bytes_of head) (Z.of_string length))
       | "canonical" :: count :: rest ->
         let metadata, rest = pairs (int_of_string count) rest in
         hex (canonical { m_metadata = metadata; m_items = items rest })
       | request -> raise (Unknown (String.concat " " ("no request" :: request))));
      print_char '\n';
      flush stdout
    done
  with
  | End_of_file -> ()
  | Unknown what -> prerr_endline ("error: " ^ what); exit 2
