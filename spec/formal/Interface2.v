(* Interface2.v: stands for Text.v for now. *)
From Safetensors Require Import Tables Format.
Axiom value_unique : forall i o o', value i o -> value i o' -> o = o'.
