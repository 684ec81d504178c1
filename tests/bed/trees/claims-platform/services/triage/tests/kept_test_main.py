import promptfoo
import vcr
import cohere
