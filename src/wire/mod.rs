//! SMTP, LMTP and milter as grammar: bytes in, values out, and back. No sockets.

pub mod smtp;
