FROM python:3.13-slim

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY .streamlit .streamlit
COPY assets assets
COPY content content
COPY mnist_rnn mnist_rnn
COPY pages pages
COPY ui ui
COPY weights weights
COPY app.py NOTICE ./

# The installation belongs to root and stays as it is; only the runs are written.
RUN useradd --system --no-create-home reader && mkdir /runs && chown reader /runs
USER reader
ENV MNIST_RNN_RUNS=/runs HOME=/tmp PYTHONDONTWRITEBYTECODE=1
VOLUME /runs
EXPOSE 8501

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
