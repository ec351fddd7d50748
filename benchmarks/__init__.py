"""What is measured, each as a ratio to a limit or a peer in the same run: `python -m benchmarks [NAME]...`."""
