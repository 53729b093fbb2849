(* The shim around the extracted program: requests on the standard input, answers on the standard
   output. It decides nothing. README.md has the requests. *)
open Model

let byte = Array.init 256 Z.of_int
let bytes_of s =
  let rec go i l = if i < 0 then l else go (i - 1) (byte.(Char.code s.[i]) :: l) in
  go (String.length s - 1) []
let hex l = String.concat "" (List.rev (List.rev_map (fun b -> Printf.sprintf "%02x" (Z.to_int b)) l))
let unhex s =
  if s = "-" then [] else
  List.init (String.length s / 2) (fun i -> byte.(int_of_string ("0x" ^ String.sub s (2 * i) 2)))
let token l = if l = [] then "-" else hex l
let numbers l = if l = [] then "-" else String.concat "," (List.rev (List.rev_map Z.to_string l))

exception Unknown of string
let by_name what name_of all name =
  match List.find_opt (fun x -> name_of x = name) all with
  | Some x -> x
  | None -> raise (Unknown (Printf.sprintf "no %s %S" what name))
let listed s = if s = "-" then [] else String.split_on_char ',' s

let answer out = function
  | [], r ->
    Buffer.add_string out "accepted";
    List.iter (fun (k, v) -> Printf.bprintf out " m %s %s" (token k) (token v)) r.r_metadata;
    List.iter (fun t -> Printf.bprintf out " t %s %s %s %s %s" (token t.t_name) (token t.t_dtype)
      (numbers t.t_shape) (Z.to_string t.t_begin) (Z.to_string t.t_end)) r.r_tensors
  | rules, _ ->
    Buffer.add_string out "refused";
    List.iter (fun r -> Buffer.add_char out ' '; Buffer.add_string out (rule_id r)) rules

let rec pairs = function
  | [] -> [] | k :: v :: r -> (unhex k, unhex v) :: pairs r | [ _ ] -> raise (Unknown "an odd number of texts")
let rec items = function
  | [] -> []
  | name :: dtype :: shape :: data :: r ->
    { i_name = unhex name; i_dtype = unhex dtype; i_shape = List.map Z.of_string (listed shape); i_bytes = unhex data }
    :: items r
  | _ -> raise (Unknown "a tensor without its four parts")

let () =
  set_binary_mode_in stdin true;
  let out = Buffer.create 65536 in
  try
    while true do
      Buffer.clear out;
      (match String.split_on_char ' ' (input_line stdin) with
       | [ "check"; version; names; length; head ] ->
         let v = by_name "format version" version_name versions version in
         let some = List.map (by_name "leniency" leniency_name leniencies) (listed names) in
         let head = really_input_string stdin (int_of_string head) in
         answer out (look v (fun l -> List.mem l some) (bytes_of head) (Z.of_string length))
       | "canonical" :: count :: rest ->
         let n = 2 * int_of_string count in
         let m = { m_metadata = pairs (List.filteri (fun i _ -> i < n) rest);
                   m_items = items (List.filteri (fun i _ -> i >= n) rest) } in
         Buffer.add_string out (hex (canonical m))
       | request -> raise (Unknown (String.concat " " ("no request" :: request))));
      Buffer.add_char out '\n';
      print_string (Buffer.contents out);
      flush stdout
    done
  with
  | End_of_file -> ()
  | Unknown what -> prerr_endline ("error: " ^ what); exit 2
