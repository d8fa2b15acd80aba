//! Every word that users see, in English and Chinese, and every output format.
