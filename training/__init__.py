"""Trains the networks that the app runs. Needs Keras 3 on any backend; only the LiteRT export needs TensorFlow."""
