"""The operators' app: people, money, stores and the machine, with every deed written down."""
