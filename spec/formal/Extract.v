(* Extract.v: the checker and the canonical writer as a program in OCaml. Numbers become zarith's. *)
From Coq Require Import NArith Extraction ExtrOcamlBasic ExtrOcamlZBigInt ExtrOcamlNatInt ExtrOcamlNativeString.
From Safetensors Require Import Tables Format Decide Fast.
Extraction Language OCaml.
Extract Constant N.eqb => "Big_int_Z.eq_big_int".
Extract Constant N.leb => "Big_int_Z.le_big_int".
Extract Constant N.ltb => "Big_int_Z.lt_big_int".
Extract Constant N.eq_dec => "Big_int_Z.eq_big_int".
Extraction "model.ml" Fast.look canonical versions version_name rules rule_id leniencies leniency_name.
