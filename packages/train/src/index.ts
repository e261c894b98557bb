/** Training tf.layers models: deterministic, resumable bit for bit. */
export {};
