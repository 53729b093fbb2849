(* Rewritten.v: what any reading of a canonical file has. The theorems of Canonical.v and Aligned.v
   speak of the one reading that they construct; a file has one meaning, so they hold for whatever a
   reader gets. Nothing about how the file is spelled stands here. *)
From Coq Require Import List NArith Permutation.
From Safetensors Require Import Tables Format Sorting Canonical.
From Safetensors Require Check Aligned.
Import ListNotations.
Open Scope N_scope.

Section Writable.
  Variable m : model.
  Hypothesis W : writable m.
  Let file := canonical m.

  Lemma its_reading R : means latest strict file R -> R = reading_of m.
  Proof. intros M. exact (Check.one_meaning _ _ _ _ _ M (canonical_is_read m W)). Qed.

  (* The model that is read is the one that was written, but for the order. *)
  Theorem read_as_written : exists R, means latest strict file R
    /\ Permutation (m_metadata m) (r_metadata R)
    /\ Permutation (m_items m) (m_items (model_read file R)).
  Proof.
    exists (reading_of m). split; [exact (canonical_is_read m W)|].
    unfold file. rewrite (canonical_read_back m W).
    split; apply Permutation_sym, sort_permutes.
  Qed.

  Theorem written_again_alike R : means latest strict file R -> canonical (model_read file R) = file.
  Proof. intros M. rewrite (its_reading R M). exact (rewritten_alike m W). Qed.

  Theorem every_tensor_aligned R : means latest strict file R -> forall t, In t (r_tensors R) ->
    (8 + little (firstn 8 file) + t_begin t) mod alignment (t_dtype t) = 0.
  Proof.
    intros M t I. rewrite (its_reading R M) in I.
    pose proof (Aligned.tensors_aligned m W) as A. rewrite Forall_forall in A.
    unfold file, canonical. change (firstn 8 (little_bytes 8 ?n ++ ?l)) with (little_bytes 8 n).
    rewrite (little_of_header m W). exact (A t I).
  Qed.
End Writable.
