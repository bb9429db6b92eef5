//! Two runs, compared in the words of the model: facts earlier, later, gone and new, by subject.
