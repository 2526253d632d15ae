"""Commands that show and replace the directory of agencies and officers."""
