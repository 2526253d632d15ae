"""What officers and custodians do with their second factors; at the desk and at custody."""
