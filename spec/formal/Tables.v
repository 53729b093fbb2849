(* The tables of the model: rules that a file can break, in the order of the text, format versions,
   dtypes and leniencies. Generated from the tables of the oracle; nothing is edited here.
   `BLESS=1 cargo test -p spec --test formal` writes it again. *)
From Coq Require Import List NArith String.
Import ListNotations.
Open Scope N_scope.
Open Scope string_scope.
Open Scope list_scope.

(* The greatest N (LEN-2). *)
Definition max_header : N := 100000000.

Inductive version : Set :=
| V1_0
| V1_1
| V1_2
| V1_3
| V1_4.
Definition versions : list version := [
  V1_0;
  V1_1;
  V1_2;
  V1_3;
  V1_4].
Definition version_name (x : version) : string :=
  match x with
  | V1_0 => "1.0"
  | V1_1 => "1.1"
  | V1_2 => "1.2"
  | V1_3 => "1.3"
  | V1_4 => "1.4"
  end.
Definition latest : version := V1_4.

(* Its place among the versions, oldest first. *)
Definition age (x : version) : N :=
  match x with
  | V1_0 => 0
  | V1_1 => 1
  | V1_2 => 2
  | V1_3 => 3
  | V1_4 => 4
  end.

Inductive rule : Set :=
| LEN_1
| LEN_2
| LEN_3
| TXT_1
| TXT_2
| JSON_1
| JSON_2
| JSON_3
| JSON_4
| JSON_5
| PAD_1
| NAME_1
| META_1
| META_2
| META_3
| META_4
| ENT_1
| ENT_2
| ENT_3
| ENT_4
| DT_1
| DT_2
| SHP_1
| OFF_1
| OFF_2
| INT_1
| INT_2
| INT_3
| OFF_3
| SIZE_1
| SIZE_2
| SIZE_3
| LAY_1
| LAY_2
| LAY_3
| LAY_4
| LAY_5.
Definition rules : list rule := [
  LEN_1;
  LEN_2;
  LEN_3;
  TXT_1;
  TXT_2;
  JSON_1;
  JSON_2;
  JSON_3;
  JSON_4;
  JSON_5;
  PAD_1;
  NAME_1;
  META_1;
  META_2;
  META_3;
  META_4;
  ENT_1;
  ENT_2;
  ENT_3;
  ENT_4;
  DT_1;
  DT_2;
  SHP_1;
  OFF_1;
  OFF_2;
  INT_1;
  INT_2;
  INT_3;
  OFF_3;
  SIZE_1;
  SIZE_2;
  SIZE_3;
  LAY_1;
  LAY_2;
  LAY_3;
  LAY_4;
  LAY_5].
Definition rule_id (x : rule) : string :=
  match x with
  | LEN_1 => "LEN-1"
  | LEN_2 => "LEN-2"
  | LEN_3 => "LEN-3"
  | TXT_1 => "TXT-1"
  | TXT_2 => "TXT-2"
  | JSON_1 => "JSON-1"
  | JSON_2 => "JSON-2"
  | JSON_3 => "JSON-3"
  | JSON_4 => "JSON-4"
  | JSON_5 => "JSON-5"
  | PAD_1 => "PAD-1"
  | NAME_1 => "NAME-1"
  | META_1 => "META-1"
  | META_2 => "META-2"
  | META_3 => "META-3"
  | META_4 => "META-4"
  | ENT_1 => "ENT-1"
  | ENT_2 => "ENT-2"
  | ENT_3 => "ENT-3"
  | ENT_4 => "ENT-4"
  | DT_1 => "DT-1"
  | DT_2 => "DT-2"
  | SHP_1 => "SHP-1"
  | OFF_1 => "OFF-1"
  | OFF_2 => "OFF-2"
  | INT_1 => "INT-1"
  | INT_2 => "INT-2"
  | INT_3 => "INT-3"
  | OFF_3 => "OFF-3"
  | SIZE_1 => "SIZE-1"
  | SIZE_2 => "SIZE-2"
  | SIZE_3 => "SIZE-3"
  | LAY_1 => "LAY-1"
  | LAY_2 => "LAY-2"
  | LAY_3 => "LAY-3"
  | LAY_4 => "LAY-4"
  | LAY_5 => "LAY-5"
  end.

(* Its place in the text. *)
Definition rank (x : rule) : N :=
  match x with
  | LEN_1 => 0
  | LEN_2 => 1
  | LEN_3 => 2
  | TXT_1 => 3
  | TXT_2 => 4
  | JSON_1 => 5
  | JSON_2 => 6
  | JSON_3 => 7
  | JSON_4 => 8
  | JSON_5 => 9
  | PAD_1 => 10
  | NAME_1 => 11
  | META_1 => 12
  | META_2 => 13
  | META_3 => 14
  | META_4 => 15
  | ENT_1 => 16
  | ENT_2 => 17
  | ENT_3 => 18
  | ENT_4 => 19
  | DT_1 => 20
  | DT_2 => 21
  | SHP_1 => 22
  | OFF_1 => 23
  | OFF_2 => 24
  | INT_1 => 25
  | INT_2 => 26
  | INT_3 => 27
  | OFF_3 => 28
  | SIZE_1 => 29
  | SIZE_2 => 30
  | SIZE_3 => 31
  | LAY_1 => 32
  | LAY_2 => 33
  | LAY_3 => 34
  | LAY_4 => 35
  | LAY_5 => 36
  end.

(* Name, width in bits, and the version that added it (section 10). *)
Definition dtypes : list (string * N * version) := [
  ("BOOL", 8, V1_0);
  ("U8", 8, V1_0);
  ("I8", 8, V1_0);
  ("U16", 16, V1_0);
  ("I16", 16, V1_0);
  ("F16", 16, V1_0);
  ("BF16", 16, V1_0);
  ("U32", 32, V1_0);
  ("I32", 32, V1_0);
  ("F32", 32, V1_0);
  ("U64", 64, V1_0);
  ("I64", 64, V1_0);
  ("F64", 64, V1_0);
  ("F8_E5M2", 8, V1_1);
  ("F8_E4M3", 8, V1_1);
  ("F4", 4, V1_2);
  ("F6_E2M3", 6, V1_2);
  ("F6_E3M2", 6, V1_2);
  ("F8_E8M0", 8, V1_2);
  ("C64", 64, V1_3);
  ("F8_E4M3FNUZ", 8, V1_4);
  ("F8_E5M2FNUZ", 8, V1_4)].

Inductive leniency : Set :=
| leading_whitespace
| trailing_whitespace
| duplicate_last_wins
| null_metadata
| duplicate_metadata_last_wins
| sequence_entry
| unknown_fields
| enum_map_dtype
| zero_absorbs_overflow.
Definition leniencies : list leniency := [
  leading_whitespace;
  trailing_whitespace;
  duplicate_last_wins;
  null_metadata;
  duplicate_metadata_last_wins;
  sequence_entry;
  unknown_fields;
  enum_map_dtype;
  zero_absorbs_overflow].
Definition leniency_name (x : leniency) : string :=
  match x with
  | leading_whitespace => "leading-whitespace"
  | trailing_whitespace => "trailing-whitespace"
  | duplicate_last_wins => "duplicate-last-wins"
  | null_metadata => "null-metadata"
  | duplicate_metadata_last_wins => "duplicate-metadata-last-wins"
  | sequence_entry => "sequence-entry"
  | unknown_fields => "unknown-fields"
  | enum_map_dtype => "enum-map-dtype"
  | zero_absorbs_overflow => "zero-absorbs-overflow"
  end.

(* The one rule whose fault it covers (section 19). *)
Definition relaxes (x : leniency) : rule :=
  match x with
  | leading_whitespace => TXT_1
  | trailing_whitespace => PAD_1
  | duplicate_last_wins => NAME_1
  | null_metadata => META_2
  | duplicate_metadata_last_wins => META_4
  | sequence_entry => ENT_1
  | unknown_fields => ENT_4
  | enum_map_dtype => DT_1
  | zero_absorbs_overflow => SIZE_1
  end.
