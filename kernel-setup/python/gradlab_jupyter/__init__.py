"""What programs around notebooks lack for TypeScript: a translator for papermill, pictures and figures for nbconvert."""
