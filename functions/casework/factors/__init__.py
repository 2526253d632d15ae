"""The second factor beside the mailed link: what an officer has, what is asked of them, who helps who lost theirs."""
