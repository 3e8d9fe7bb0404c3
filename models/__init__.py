"""The contract between training and the app: bundles, label orders, and the engines that run a network."""
