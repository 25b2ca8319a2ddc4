"""The same echo by FastAPI: JSON in, checked, JSON out."""

from fastapi import FastAPI
from pydantic import BaseModel


class Text(BaseModel):
    """What is sent and answered."""

    text: str


app = FastAPI()


@app.post("/echo")
async def echo(body: Text) -> Text:
    """Return the body."""
    return body
