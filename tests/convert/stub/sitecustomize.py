"""Read by Python at its start when this folder is on PYTHONPATH."""
import mnist_stub

mnist_stub.install()
