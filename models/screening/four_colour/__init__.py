"""The four-colour form that districts use today, run on the same children: the baseline to beat.

It is here to be compared, and never ranks, plans or publishes anything; decision 0022 tells how each answer is read.
"""
