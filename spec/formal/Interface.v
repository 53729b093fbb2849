(* Interface.v: temporary. What Text.v proves. *)
From Coq Require Import List NArith Bool.
From Safetensors Require Import Tables Format Decide.

Axiom parsed_iff : forall header ms after,
  parsed header ms after <-> parsedb header = Some (Got ms after).
Axiom text_brokenb_iff : forall ln header r,
  text_brokenb ln header (parsedb header) r = true <-> text_broken ln header r.
