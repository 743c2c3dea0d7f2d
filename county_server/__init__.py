"""The county's side: journals in, news out, and what the county looks at."""
