(* Interface.v: temporary. What Text.v, Structure.v, Sizes.v and Layout.v prove. *)
From Coq Require Import List NArith Bool.
From Safetensors Require Import Tables Format Decide.
Import ListNotations.
Open Scope list_scope.
Open Scope N_scope.

Axiom parsed_iff : forall header ms after,
  parsed header ms after <-> parsedb header = Some (Got ms after).
Axiom text_brokenb_iff : forall ln header r,
  text_brokenb ln header (parsedb header) r = true <-> text_broken ln header r.
Axiom structure_brokenb_iff : forall v ln ms r,
  structure_brokenb v ln (filter is_metab ms) (filter (fun m => negb (is_metab m)) ms) r = true
  <-> structure_broken v ln ms r.
Axiom countedb_eq : forall ln ms,
  countedb ln (filter (fun m => negb (is_metab m)) ms) = counted ln ms.
Axiom size_brokenb_iff : forall v ln ms r,
  size_brokenb v ln (counted ln ms) r = true <-> size_broken v ln ms r.
Axiom placedb_iff : forall ln ms ps, placedb ln (counted ln ms) = Some ps <-> placed ln ms ps.
Axiom reads_complete : forall v ln ms,
  (forall r, ~ structure_broken v ln ms r) -> (forall r, ~ size_broken v ln ms r) ->
  reads v ln ms (Reading (metadata_of_members ln (filter is_metab ms))
                         (flat_map (tensor_of v ln) (counted ln ms))).
Axiom reads_unique : forall v ln ms R R', reads v ln ms R -> reads v ln ms R' -> R = R'.
Axiom placed_exists : forall v ln ms,
  (forall r, ~ structure_broken v ln ms r) -> (forall r, ~ size_broken v ln ms r) ->
  exists ps, placed ln ms ps.
Axiom last_of_each_nodup : forall A (l : list (bytes * A)), NoDup (keys l) -> last_of_each l = l.
Axiom sweep_iff : forall ps len r, NoDup (map p_name ps) ->
  Forall (fun p => p_begin p <= p_end p) ps ->
  (sweep len 0 (PlaceSort.sort ps) r = true <-> layout_broken ps len r).
Axiom length_determined : forall ps len,
  NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (forall r, ~ layout_broken ps len r) ->
  len = fold_right N.add 0 (map (fun p => p_end p - p_begin p) ps).
Axiom offsetsb_iff : forall fs b e, offsetsb fs = Some (b, e) <-> has_offsets fs b e.
Axiom owned_once : forall ps len,
  NoDup (map p_name ps) -> Forall (fun p => p_begin p <= p_end p) ps ->
  (forall r, ~ layout_broken ps len r) -> forall i, i < len -> exists! p, In p ps /\ owns p i.
