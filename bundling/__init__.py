"""One checked archive that installs without a network: ``make bundle``. What is done with it there is `packaging/install.sh`."""
